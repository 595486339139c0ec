/** ApiVersions (18): says which APIs this broker offers, and in which versions. */
import { api } from '../../api.js';
import * as t from '../../wire/codec.js';
import { ErrorCode } from '../../wire/error-code.js';

export interface OfferedApi {
  readonly key: number;
  readonly minVersion: number;
  readonly maxVersion: number;
}

const response = t.struct({
  errorCode: t.int16,
  apis: t.array(t.struct({ key: t.int16, minVersion: t.int16, maxVersion: t.int16 })),
  throttleTimeMs: t.throttleTimeMs(1),
});

export function apiVersions(apis: () => readonly OfferedApi[]) {
  return api({
    request: t.struct({}),
    response,
    handle: () => ({ errorCode: ErrorCode.NONE, apis: apis() }),
    refuse: (_, { errorCode }) => ({ errorCode, apis: apis() }),
  });
}

/** To a version of ApiVersions that is not offered, Kafka answers in version 0, for all to read. */
export function writeUnsupportedVersion(writer: t.Writer, apis: readonly OfferedApi[]): void {
  response.write(writer, { errorCode: ErrorCode.UNSUPPORTED_VERSION, apis }, 0);
}

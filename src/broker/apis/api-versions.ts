/** ApiVersions (18): says which APIs this broker offers, and in which versions. */
import { api } from '../api.js';
import { array, int16, struct, throttleTimeMs, Writer } from '../wire/codec.js';
import { ErrorCode } from '../wire/error-code.js';

export interface OfferedApi {
  readonly key: number;
  readonly minVersion: number;
  readonly maxVersion: number;
}

const response = struct({
  errorCode: int16,
  apis: array(struct({ key: int16, minVersion: int16, maxVersion: int16 })),
  throttleTimeMs: throttleTimeMs(1),
});

export function apiVersions(apis: () => readonly OfferedApi[]) {
  return api({
    request: struct({}),
    response,
    handle: () => ({ errorCode: ErrorCode.NONE, apis: apis() }),
  });
}

/** To a version of ApiVersions that is not offered, Kafka answers in version 0, for all to read. */
export function unsupportedApiVersions(apis: readonly OfferedApi[]): Writer {
  const writer = new Writer();
  response.write(writer, { errorCode: ErrorCode.UNSUPPORTED_VERSION, apis }, 0);
  return writer;
}

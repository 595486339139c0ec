/** What one Kafka API is made of, and what it is given to work with. */
import type { Clock } from './clock.js';
import type { Coordinator } from './groups/coordinator.js';
import type { Storage } from './storage/storage.js';
import { MalformedRequestError, Writer, type Reader, type Type } from './wire/codec.js';

/** Of the one broker there is. */
export const NODE_ID = 0;

export interface RequestContext {
  readonly storage: Storage;
  readonly groups: Coordinator;
  readonly clock: Clock;
  /** Where clients reach this broker. */
  readonly host: string;
  readonly port: number;
  readonly dataDir: string;
  readonly version: number;
  readonly clientId: string;
  readonly clientHost: string;
}

interface ApiDefinition<Request, Response> {
  readonly request: Type<Request>;
  readonly response: Type<Response>;
  /** Resolves to null where the client wants no answer. */
  readonly handle: (
    request: Request,
    context: RequestContext,
  ) => Response | Promise<Response | null>;
}

/** An API whose types no longer matter: bytes in, bytes out. */
export interface Api {
  answer(body: Reader, context: RequestContext): Promise<Writer | null>;
}

export function api<Request, Response>(definition: ApiDefinition<Request, Response>): Api {
  return {
    async answer(body, context) {
      const request = definition.request.read(body, context.version);
      if (body.remaining > 0) {
        throw new MalformedRequestError(`${String(body.remaining)} bytes too many`);
      }
      const response = await definition.handle(request, context);
      if (response === null) return null;
      const writer = new Writer();
      definition.response.write(writer, response, context.version);
      return writer;
    },
  };
}

/** What one Kafka API is made of, and what it is given to work with. */
import { messageOf } from '../errors.js';
import type { Clock } from './clock.js';
import type { Fault, Faults, RequestTarget } from './faults.js';
import type { Coordinator } from './groups/coordinator.js';
import type { Storage } from './storage/storage.js';
import { MalformedRequestError, Writer, type Reader, type Type } from './wire/codec.js';
import { ErrorCode, refusal, type Refusal } from './wire/error-code.js';

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
  readonly warn: (message: string) => void;
  /** Null but in tests. */
  readonly faults: Faults | null;
  /** The API's name. */
  readonly api: string;
  readonly version: number;
  readonly clientId: string;
  readonly clientHost: string;
  /** The fault that this request met, if it is about single partitions: see find-partition.ts. */
  readonly fault: Fault | null;
}

/** Closes the connection in place of an answer. */
export class ConnectionFault extends Error {}

interface ApiDefinition<Request, Response> {
  readonly request: Type<Request>;
  readonly response: Type<Response>;
  /**
   * The partitions that a request names, for the APIs that answer for each of them and look them up
   * by findPartition.
   */
  readonly targets?: (request: Request, context: RequestContext) => readonly RequestTarget[];
  /** Resolves to null where the client wants no answer. */
  readonly handle: (
    request: Request,
    context: RequestContext,
  ) => Response | Promise<Response | null>;
  /** The answer where nothing of the request could be done; null where the client wants none. */
  readonly refuse: (request: Request, why: Refusal, context: RequestContext) => Response | null;
}

/** An API whose types no longer matter: bytes in, bytes out. */
export interface Api {
  /**
   * Resolves to null where no answer is to be sent. Throws MalformedRequestError, and
   * ConnectionFault where a test asks for it.
   */
  answer(body: Reader, context: RequestContext): Promise<Writer | null>;
}

export function api<Request, Response>(definition: ApiDefinition<Request, Response>): Api {
  return {
    async answer(body, context) {
      const request = definition.request.read(body, context.version);
      if (body.remaining > 0) {
        throw new MalformedRequestError(`${String(body.remaining)} bytes too many`);
      }
      if (context.faults === null) return answerSafely(definition, request, context);
      const targets = definition.targets?.(request, context) ?? [];
      const fault = context.faults.take({
        api: context.api,
        version: context.version,
        clientId: context.clientId,
        targets,
      });
      return fault === null
        ? answerSafely(definition, request, context)
        : answerWithFault(definition, request, context, fault);
    },
  };
}

/** An exception fails its own request only, with UNKNOWN_SERVER_ERROR, as in Kafka. */
async function answerSafely<Request, Response>(
  definition: ApiDefinition<Request, Response>,
  request: Request,
  context: RequestContext,
): Promise<Writer | null> {
  try {
    return written(definition, await definition.handle(request, context), context);
  } catch (error) {
    context.warn(
      `${context.api} version ${String(context.version)} of client '${context.clientId.slice(0, 100)}' ` +
        `failed in the broker: ${error instanceof Error ? (error.stack ?? error.message) : messageOf(error)}`,
    );
    const why = refusal(ErrorCode.UNKNOWN_SERVER_ERROR, `The broker failed: ${messageOf(error)}`);
    return written(definition, definition.refuse(request, why, context), context);
  }
}

async function answerWithFault<Request, Response>(
  definition: ApiDefinition<Request, Response>,
  request: Request,
  context: RequestContext,
  fault: Fault,
): Promise<Writer | null> {
  const { outcome, delayMs } = fault;
  if (delayMs > 0) await new Promise<void>((resolve) => context.clock.after(delayMs, resolve));
  if (outcome === 'answer') return answerSafely(definition, request, context);
  if (fault.carriedOut) await definition.handle(request, context);
  if (outcome === 'close') throw new ConnectionFault('a test asked for it');
  if (outcome === 'silence') return new Promise(() => undefined);
  const isPartial = definition.targets !== undefined && !fault.carriedOut;
  return isPartial
    ? answerSafely(definition, request, { ...context, fault })
    : written(definition, definition.refuse(request, outcome, context), context);
}

function written<Request, Response>(
  { response }: ApiDefinition<Request, Response>,
  value: Response | null,
  { version }: RequestContext,
): Writer | null {
  if (value === null) return null;
  const writer = new Writer();
  response.write(writer, value, version);
  return writer;
}

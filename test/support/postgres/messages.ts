/**
 * What a client and a PostgreSQL server send one another, as far as a proxy needs it: messages of a type (one byte; a client's
 * first has none), a length (four, which counts itself) and a body. "Frontend/Backend Protocol" in PostgreSQL's manual.
 */
import type { Socket } from 'node:net';

export interface Message {
  /** One letter; empty for a client's first message. */
  readonly type: string;
  readonly body: Buffer;
  readonly bytes: Buffer;
}

const LENGTH_BYTES = 4;
const SSL_REQUEST = 80_877_103;
const GSS_REQUEST = 80_877_104;

/** The messages that come from a server. Ends, or throws, as the socket does. */
export function serverMessages(socket: Socket): AsyncGenerator<Message> {
  return messages(socket, () => true);
}

/** Those from a client; the first of them, and those that follow one that asks for encryption, have no type. */
export function clientMessages(socket: Socket): AsyncGenerator<Message> {
  let isStarted = false;
  return messages(socket, (previous) => {
    isStarted ||= previous !== null && !asksForEncryption(previous);
    return isStarted;
  });
}

/** The server would answer with one byte. */
export function asksForEncryption({ type, body }: Message): boolean {
  return (
    type === '' && body.length === 4 && [SSL_REQUEST, GSS_REQUEST].includes(body.readInt32BE())
  );
}

async function* messages(
  socket: Socket,
  hasType: (previous: Message | null) => boolean,
): AsyncGenerator<Message> {
  let rest: Buffer = Buffer.alloc(0);
  let previous: Message | null = null;
  for await (const chunk of socket as AsyncIterable<Buffer>) {
    rest = Buffer.concat([rest, chunk]);
    for (;;) {
      const next = firstMessage(rest, hasType(previous));
      if (next === null) break;
      rest = rest.subarray(next.bytes.length);
      previous = next;
      yield next;
    }
  }
}

function firstMessage(bytes: Buffer, hasType: boolean): Message | null {
  const typeBytes = hasType ? 1 : 0;
  const headBytes = typeBytes + LENGTH_BYTES;
  if (bytes.length < headBytes) return null;
  const end = typeBytes + bytes.readInt32BE(typeBytes);
  if (bytes.length < end) return null;
  return {
    type: bytes.toString('latin1', 0, typeBytes),
    body: bytes.subarray(headBytes, end),
    bytes: bytes.subarray(0, end),
  };
}

/** The statements of one connection, from the messages that make them. */
export class StatementTexts {
  readonly #prepared = new Map<string, string>();
  #text = '';

  /** The text of the statement that ends with this message; null: it does not end here, or is none. */
  endingWith({ type, body }: Message): string | null {
    if (type === 'Q') return firstString(body);
    if (type === 'P') {
      const name = firstString(body);
      this.#text = stringBehind(body, name);
      this.#prepared.set(name, this.#text);
    }
    if (type === 'B') {
      const portal = firstString(body);
      this.#text = this.#prepared.get(stringBehind(body, portal)) ?? '';
    }
    return type === 'S' ? this.#text : null;
  }
}

/** Whether a message goes with those that follow, up to the Query or Sync that ends a statement. */
export function isPartOfStatement({ type }: Message): boolean {
  return ['Q', 'P', 'B', 'D', 'E', 'C', 'H', 'S'].includes(type);
}

function firstString(body: Buffer): string {
  return body.toString('utf8', 0, body.indexOf(0));
}

function stringBehind(body: Buffer, before: string): string {
  return firstString(body.subarray(Buffer.byteLength(before) + 1));
}

/**
 * Asks one broker which APIs it has, over a separate connection: ApiVersions is the one request
 * that is answered before any login (https://kafka.apache.org/protocol#The_Messages_ApiVersions), so
 * that it tells whether a broker is there, whether it is Kafka, and how far away.
 */
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { TlsFiles } from '../../ports/cluster-access.js';
import type { ApiRange, ProbedBroker } from '../../ports/cluster-admin.js';
import { brokerError, timedOut } from './errors.js';
import { tlsOptions } from './tls.js';

const API_VERSIONS = 18;
const MAX_ANSWER_BYTES = 64 * 1024;
/** Record type 21 and the 3 that begins every version of TLS. */
const TLS_ALERT = 0x1503;

/** `address` is host:port. Throws UnreachableError. */
export async function probeBroker(
  address: string,
  tls: TlsFiles | null,
  timeoutMs: number,
): Promise<ProbedBroker> {
  const attempt = { doing: 'asking for its API versions', brokers: [address] };
  const target = hostAndPort(address);
  const startedAtMs = performance.now();
  const socket = tls === null ? connectTcp(target) : connectTls({ ...target, ...tlsOptions(tls) });
  socket.setTimeout(timeoutMs, () => socket.destroy(timedOut(attempt, timeoutMs)));
  try {
    await ready(socket, tls === null ? 'connect' : 'secureConnect');
    const connectedAtMs = performance.now();
    socket.write(request());
    const apis = parseAnswer(await answer(socket));
    return {
      apis,
      connectMs: connectedAtMs - startedAtMs,
      answerMs: performance.now() - connectedAtMs,
    };
  } catch (error) {
    throw brokerError(error, attempt);
  } finally {
    socket.destroy();
  }
}

function hostAndPort(address: string): { readonly host: string; readonly port: number } {
  const colon = address.lastIndexOf(':');
  const host = address.slice(0, colon).replace(/^\[|\]$/g, '');
  return { host, port: Number(address.slice(colon + 1)) };
}

function ready(socket: Socket, event: 'connect' | 'secureConnect'): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once(event, resolve);
    socket.once('error', reject);
    socket.once('close', () => {
      reject(new Error('Closed connection'));
    });
  });
}

/** Header version 1 (key, version, correlation id, client id) and the empty body of version 0. */
function request(): Buffer {
  const clientId = Buffer.from('coupons');
  const header = Buffer.alloc(14);
  header.writeInt32BE(10 + clientId.length, 0);
  header.writeInt16BE(API_VERSIONS, 4);
  header.writeInt16BE(clientId.length, 12);
  return Buffer.concat([header, clientId]);
}

/** The whole answer, its length in front included. */
function answer(socket: Socket): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let received: Buffer = Buffer.alloc(0);
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      if (received.length < 4) return;
      // A TLS alert: the answer of a port that was waiting for a handshake.
      if (received.readUInt16BE(0) === TLS_ALERT) reject(new Error('Closed connection'));
      const expected = 4 + received.readUInt32BE(0);
      if (expected > MAX_ANSWER_BYTES) reject(new RangeError('it does not speak Kafka'));
      else if (received.length >= expected) resolve(received);
    });
    socket.once('error', reject);
    socket.once('close', () => {
      reject(new Error('Closed connection'));
    });
  });
}

/** Length, correlation id, error code, then 6 bytes an API. Throws RangeError where it is no such. */
function parseAnswer(bytes: Buffer): readonly ApiRange[] {
  const apis = bytes.readInt32BE(10);
  return Array.from({ length: apis }, (_unused, index) => {
    const at = 14 + 6 * index;
    return {
      apiKey: bytes.readInt16BE(at),
      minVersion: bytes.readInt16BE(at + 2),
      maxVersion: bytes.readInt16BE(at + 4),
    };
  });
}

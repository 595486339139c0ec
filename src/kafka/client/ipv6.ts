/**
 * kafkajs takes an address apart at its first colon. So an IPv6 one goes through it under a name
 * that has none, spelt as Windows does in its paths, and becomes itself where the socket is made.
 */
import { connect as connectTcp, isIP } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import type { ISocketFactory } from 'kafkajs';

const SUFFIX = '.ipv6-literal.net';
const KEEP_ALIVE_MS = 60_000;

/** "[fe80::1]:9092" as "fe80--1.ipv6-literal.net:9092"; any other address as it is. */
export function withoutColons(address: string): string {
  const [, host, port] = /^\[(.+)\]:(\d+)$/.exec(address) ?? [];
  return host === undefined || port === undefined
    ? address
    : `${host.replaceAll(':', '-')}${SUFFIX}:${port}`;
}

/** The host that withoutColons was given. */
export function realHost(host: string): string {
  return host.endsWith(SUFFIX) ? host.slice(0, -SUFFIX.length).replaceAll('-', ':') : host;
}

/** kafkajs's own, but for realHost. */
export const socketFactory: ISocketFactory = ({ host: name, port, onConnect, ...rest }) => {
  const host = realHost(name);
  // Server Name Indication takes names only (RFC 6066, section 3).
  const serverName = isIP(host) === 0 ? { servername: host } : {};
  // Its type says that there is always some.
  const ssl: ConnectionOptions | false | null | undefined = rest.ssl;
  const socket = isTls(ssl)
    ? // Not imported: loading it takes a command without TLS a millisecond of its start.
      process.getBuiltinModule('node:tls').connect({ host, port, ...serverName, ...ssl }, onConnect)
    : connectTcp({ host, port }, onConnect);
  socket.setKeepAlive(true, KEEP_ALIVE_MS);
  // kafkajs ends a connection again and again that does not come about; each time adds a listener, and Node would warn.
  socket.setMaxListeners(0);
  return socket;
};

function isTls(ssl: ConnectionOptions | false | null | undefined): ssl is ConnectionOptions {
  return typeof ssl === 'object' && ssl !== null;
}

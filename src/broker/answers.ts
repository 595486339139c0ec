/** Whether a process that holds a broker's lock also answers: one that hangs keeps its port open. */
import { connect } from 'node:net';

/** ApiVersions, version 0, without a client id: https://kafka.apache.org/protocol#The_Messages_ApiVersions */
const API_VERSIONS = Buffer.from('0000000a001200000000' + '0001ffff', 'hex');

/** `address`: of this machine, host:port. False where nothing comes back within `limitMs`. */
export function answers(address: string, limitMs: number): Promise<boolean> {
  const [host = '', port = ''] = address.split(':');
  return new Promise((resolve) => {
    const socket = connect({ host, port: Number(port) });
    const end = (answered: boolean) => () => {
      socket.destroy();
      resolve(answered);
    };
    socket.setTimeout(limitMs, end(false));
    socket.once('connect', () => socket.write(API_VERSIONS));
    socket.once('data', end(true));
    socket.once('error', end(false));
    socket.once('close', end(false));
  });
}

import type { Server } from 'node:http';
import { isIP } from 'node:net';
import { CliError, messageOf } from '../../errors.js';

export interface ListenOptions {
  readonly host: string;
  /** 0 for any that is free. */
  readonly port: number;
  /** For hints: the options that host and port come from. */
  readonly flags: { readonly host: string; readonly port: string };
}

/** Gives the port. Throws CliError PORT_IN_USE, PORT_NOT_ALLOWED or HOST_NOT_AVAILABLE. */
export function listen(server: Server, options: ListenOptions): Promise<number> {
  const { host, port } = options;
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(listenError(error, options)));
    server.listen({ host, port }, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

function listenError(error: NodeJS.ErrnoException, { host, port, flags }: ListenOptions): CliError {
  const cause = { cause: error };
  switch (error.code) {
    case 'EADDRINUSE':
      return new CliError(
        'PORT_IN_USE',
        `Port ${port} is in use by another program.`,
        `Choose another port with ${flags.port}, or ${flags.port} 0 for a free one.`,
        cause,
      );
    case 'EACCES':
      return new CliError(
        'PORT_NOT_ALLOWED',
        `This user may not listen on port ${port}.`,
        `Choose a port above 1023 with ${flags.port}.`,
        cause,
      );
    default:
      return new CliError(
        'HOST_NOT_AVAILABLE',
        `Cannot listen on ${host}: ${messageOf(error)}.`,
        `Give ${flags.host} an address of this machine, or 0.0.0.0 for all of them.`,
        cause,
      );
  }
}

/** "http://127.0.0.1:8990" */
export function originOf(host: string, port: number): string {
  return `http://${isIP(host) === 6 ? `[${host}]` : host}:${port}`;
}

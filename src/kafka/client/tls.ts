import type { ConnectionOptions } from 'node:tls';
import type { TlsFiles } from '../../ports/cluster-access.js';
import { checkServerName } from '../../tls-failure.js';
import { readCa, readClientCertificate } from '../../tls-files.js';

/** Of the cluster's connections. Throws UsageError that names the option of a file that is not what it should be. */
export function tlsOptions({ caFile, certFile, keyFile }: TlsFiles): ConnectionOptions {
  return {
    checkServerIdentity: checkServerName,
    ...(caFile === null ? {} : readCa({ option: '--tls-ca', path: caFile })),
    ...(certFile === null || keyFile === null
      ? {}
      : readClientCertificate(
          { option: '--tls-cert', path: certFile },
          { option: '--tls-key', path: keyFile },
        )),
  };
}

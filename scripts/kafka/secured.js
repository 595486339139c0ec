// The listeners of a broker that asks who is there: TLS, SASL, both, and client certificates.
import { clientName, makeCertificates, storePassword } from './certificates.js';

/** Who may do everything, by every mechanism. */
const login = { username: 'ops', password: 'ops-secret' };
/** Who may do what the ACLs allow, by PLAIN: nothing at first. */
const restricted = { username: 'guest', password: 'guest-secret' };

/** Name of the listener, its protocol, and whether clients need a certificate. */
const kinds = [
  { name: 'SSL', key: 'tls', protocol: 'SSL' },
  { name: 'MUTUAL', key: 'mutualTls', protocol: 'SSL', clientCertificate: true },
  { name: 'SASL_SSL', key: 'saslTls', protocol: 'SASL_SSL' },
  { name: 'SASL_PLAINTEXT', key: 'sasl', protocol: 'SASL_PLAINTEXT' },
];

export const securedListenerCount = kinds.length;

/**
 * What a broker needs for the secured listeners on these `ports`, with certificates in `directory`:
 * `listeners` and `settings` for its configuration, `formatArguments` that make the SCRAM users, and
 * `access`, what a client must know: `{addresses: {tls, mutualTls, saslTls, sasl}, caFile,
 * clientCertFile, clientKeyFile, otherCaFile, username, password, restricted: {username, password}}`.
 */
export async function secureListeners({ java, directory, ports }) {
  const { keyStore, ...files } = await makeCertificates(java, directory);
  const listeners = kinds.map((kind, index) => ({ ...kind, port: ports[index] }));
  const { username, password } = login;
  return {
    listeners,
    settings: Object.assign(
      {
        'ssl.keystore.type': 'PKCS12',
        'ssl.keystore.location': keyStore,
        'ssl.keystore.password': storePassword,
        'ssl.key.password': storePassword,
        'ssl.truststore.type': 'PEM',
        'ssl.truststore.location': files.caFile,
        'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512',
        'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
        'super.users': `User:ANONYMOUS;User:${username};User:${clientName}`,
      },
      ...listeners.map(settingsOf),
    ),
    formatArguments: ['SCRAM-SHA-256', 'SCRAM-SHA-512'].flatMap((mechanism) => [
      '--add-scram',
      `${mechanism}=[name=${username},password=${password}]`,
    ]),
    access: {
      addresses: Object.fromEntries(listeners.map(({ key, port }) => [key, `127.0.0.1:${port}`])),
      ...files,
      ...login,
      restricted,
    },
  };
}

function settingsOf({ name, protocol, clientCertificate }) {
  const prefix = `listener.name.${name.toLowerCase()}`;
  if (clientCertificate) return { [`${prefix}.ssl.client.auth`]: 'required' };
  if (!protocol.startsWith('SASL')) return {};
  const security = 'org.apache.kafka.common.security';
  const users = [login, restricted]
    .map(({ username, password }) => `user_${username}="${password}"`)
    .join(' ');
  const scram = `${security}.scram.ScramLoginModule required;`;
  return {
    [`${prefix}.plain.sasl.jaas.config`]: `${security}.plain.PlainLoginModule required ${users};`,
    [`${prefix}.scram-sha-256.sasl.jaas.config`]: scram,
    [`${prefix}.scram-sha-512.sasl.jaas.config`]: scram,
  };
}

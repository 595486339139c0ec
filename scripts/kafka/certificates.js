// The certificates of a broker with TLS, made by the JDK's keytool (and openssl, for what keytool
// cannot do: give a private key away as PEM).
import { execFile } from 'node:child_process';
import { copyFile, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { SetupError } from './fail.js';

const run = promisify(execFile);

/** Guards nothing: the keys are made for one run and deleted after it. */
export const storePassword = 'throw-away';

const subject = (alias) => `CN=coupons test ${alias}`;

/** To the broker, who comes with the client's certificate. */
export const clientName = subject('client');

/** An elliptic curve key is made in no time, an RSA key is not. */
const keyOptions = ['-keyalg', 'EC', '-groupname', 'secp256r1', '-validity', '2'];

/**
 * Makes in `directory`: a CA, a broker's keystore for localhost and 127.0.0.1, a client's
 * certificate, both signed by the CA, and another CA that signed neither.
 * Gives the paths `{caFile, keyStore, clientCertFile, clientKeyFile, otherCaFile}`; all but the
 * keystore (PKCS12) are PEM. Throws SetupError.
 */
export async function makeCertificates(java, directory) {
  await mkdir(directory, { recursive: true });
  const path = (name) => join(directory, name);
  const keytool = (...args) => runTool(sibling(java, 'keytool'), args);
  const inStore = (store) => ['-keystore', path(store), '-storepass', storePassword];
  const makeKey = (store, alias, ...more) =>
    keytool(
      ...['-genkeypair', '-alias', alias, '-dname', subject(alias)],
      ...keyOptions,
      ...inStore(store),
      ...more,
    );
  const exportPem = (store, alias, file) =>
    keytool('-exportcert', '-rfc', '-alias', alias, '-file', path(file), ...inStore(store));

  await makeKey('ca.p12', 'ca', '-ext', 'bc:c');
  await exportPem('ca.p12', 'ca', 'ca.pem');
  for (const [alias, ...extensions] of [
    ['broker', '-ext', 'san=dns:localhost,ip:127.0.0.1'],
    ['client', '-ext', 'eku=clientAuth'],
  ]) {
    // keytool signs with a key of the same keystore, which must then not stay there.
    const store = `${alias}.p12`;
    await copyFile(path('ca.p12'), path(store));
    await makeKey(store, alias, '-signer', 'ca', ...extensions);
    await keytool('-delete', '-alias', 'ca', ...inStore(store));
  }
  const fromClientStore = ['pkcs12', '-in', path('client.p12'), '-passin', `pass:${storePassword}`];
  await runTool('openssl', [...fromClientStore, '-nodes', '-nocerts', '-out', path('client.key')]);
  await runTool('openssl', [...fromClientStore, '-nokeys', '-clcerts', '-out', path('client.pem')]);
  await makeKey('other-ca.p12', 'other-ca', '-ext', 'bc:c');
  await exportPem('other-ca.p12', 'other-ca', 'other-ca.pem');
  return {
    caFile: path('ca.pem'),
    keyStore: path('broker.p12'),
    clientCertFile: path('client.pem'),
    clientKeyFile: path('client.key'),
    otherCaFile: path('other-ca.pem'),
  };
}

/** A tool beside this java; `java` from the PATH has its siblings there. */
function sibling(java, tool) {
  return java === 'java' ? tool : join(dirname(java), tool);
}

async function runTool(tool, args) {
  await run(tool, args).catch((error) => {
    const reason = error.code === 'ENOENT' ? 'not found' : `${error.stdout}${error.stderr}`;
    throw new SetupError(`${tool} ${args[0]} failed while making certificates: ${reason}`);
  });
}

/** Observes this machine for `doctor`. */
import { accessSync, constants, existsSync, readFileSync, statSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Services } from '../services.js';
import { failureOf, messageOf, type Failure } from '../../errors.js';
import type { Check, InstalledPackage } from '../../doctor/check.js';
import {
  checkDisk,
  checkKafkaUi,
  checkLogFile,
  checkNode,
  checkPackages,
  checkStore,
  type StoreObservation,
} from '../../doctor/machine-checks.js';
import { packageFile } from '../../package-file.js';
import { logPathOf } from '../log-path.js';

/** Where docker-compose.yml puts it. */
const KAFKA_UI_URL = 'http://localhost:8989';
const KAFKA_UI_WAIT_MS = 1000;

export async function examineMachine(services: Services): Promise<readonly Check[]> {
  const { name: storePath } = services.options.store;
  const logFile = logPathOf(services);
  const storeDir = nearestDirectory(storePath);
  const { version, packages } = installedPackages();
  return [
    checkNode(process.versions.node),
    checkPackages(version, packages, await services.sqliteVersion().catch(failureOf)),
    checkStore(storePath, await lookAtStore(services), obstacleTo(storePath)),
    checkDisk(storeDir, await freeBytes(storeDir)),
    checkLogFile(logFile, obstacleTo(logFile)),
    checkKafkaUi(KAFKA_UI_URL, await httpStatus(KAFKA_UI_URL)),
  ];
}

async function lookAtStore(services: Services): Promise<StoreObservation | Failure | null> {
  try {
    return await (await services.storeAccess()).health();
  } catch (error) {
    const failure = failureOf(error);
    return failure.code === 'STORE_NOT_FOUND' ? null : failure;
  }
}

function installedPackages(): {
  readonly version: string;
  readonly packages: readonly InstalledPackage[];
} {
  const require = createRequire(packageFile('package.json'));
  const own = require('./package.json') as {
    readonly version: string;
    readonly dependencies: Readonly<Record<string, string>>;
  };
  const packages = Object.entries(own.dependencies).map(([name, wanted]) => {
    // Not by require(): a package may not export its package.json.
    const file = (require.resolve.paths(name) ?? [])
      .map((directory) => join(directory, name, 'package.json'))
      .find((path) => existsSync(path));
    if (file === undefined) return { name, wanted, version: null };
    const { version } = JSON.parse(readFileSync(file, 'utf8')) as { readonly version: string };
    return { name, wanted, version };
  });
  return { version: own.version, packages };
}

/** The nearest existing directory of a path. */
function nearestDirectory(path: string): string {
  const directory = dirname(path);
  return existsSync(directory) || directory === path ? directory : nearestDirectory(directory);
}

async function freeBytes(directory: string): Promise<number | Failure> {
  try {
    const { bavail, bsize } = await statfs(directory);
    return bavail * bsize;
  } catch (error) {
    return failureOf(error);
  }
}

/** Why a file can't be written or created; null where it can. Creates nothing. */
function obstacleTo(path: string): string | null {
  try {
    if (existsSync(path) && !statSync(path).isFile()) return 'it is not a file';
    // "/." makes it an error where a file is in the place of a directory.
    accessSync(existsSync(path) ? path : `${nearestDirectory(path)}/.`, constants.W_OK);
    return null;
  } catch (error) {
    return messageOf(error);
  }
}

async function httpStatus(url: string): Promise<number | null> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(KAFKA_UI_WAIT_MS) });
    await response.body?.cancel();
    return response.status;
  } catch {
    return null;
  }
}

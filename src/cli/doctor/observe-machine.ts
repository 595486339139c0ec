/** Observes this machine for `doctor`. */
import { existsSync, readFileSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Services } from '../services.js';
import { failureOf, type Failure } from '../../errors.js';
import type { Check, InstalledPackage } from '../../doctor/check.js';
import {
  checkDisk,
  checkKafkaUi,
  checkLogFile,
  checkNode,
  checkPackages,
} from '../../doctor/machine-checks.js';
import { packageFile } from '../../package-file.js';
import { logPathOf } from '../log-path.js';
import { nearestDirectory, obstacleTo } from './obstacle.js';
import { examineStore } from './observe-store.js';

/** Where docker-compose.yml puts it. */
const KAFKA_UI_URL = 'http://localhost:8989';
const KAFKA_UI_WAIT_MS = 1000;

export async function examineMachine(services: Services): Promise<readonly Check[]> {
  const { store, dataDir } = services.options;
  const logFile = logPathOf(services);
  const busyDir = nearestDirectory(store.kind === 'sqlite' ? store.name : join(dataDir, 'logs'));
  const { version, packages } = installedPackages();
  const sqlite = await services.sqliteVersion().catch(failureOf);
  return [
    checkNode(process.versions.node),
    checkPackages(version, packages, sqlite, dirname(packageFile('package.json'))),
    ...(await examineStore(services)),
    checkDisk(busyDir, await freeBytes(busyDir)),
    checkLogFile(logFile, obstacleTo(logFile)),
    checkKafkaUi(KAFKA_UI_URL, await httpStatus(KAFKA_UI_URL)),
  ];
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

async function freeBytes(directory: string): Promise<number | Failure> {
  try {
    const { bavail, bsize } = await statfs(directory);
    return bavail * bsize;
  } catch (error) {
    return failureOf(error);
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

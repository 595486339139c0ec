import { closeSync, fdatasyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { cpus, release, totalmem, type } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import type { Services } from '../services.js';
import { spreadOf } from '../../bench/spread.js';
import { packageVersion } from '../../package-file.js';

/** Where it was measured. */
export interface Environment {
  readonly coupons: string;
  readonly node: string;
  readonly sqlite: string;
  readonly system: string;
  readonly processors: number;
  readonly processor: string;
  readonly memoryBytes: number;
  /** How often a second the disk makes an append of 4 KiB durable: median of several rounds. */
  readonly syncedAppendsPerSecond: number;
}

/** `directory`: on the disk that the stores are on. */
export async function environmentOf(services: Services, directory: string): Promise<Environment> {
  const processors = cpus();
  return {
    coupons: packageVersion(),
    node: process.versions.node,
    sqlite: await services.sqliteVersion(),
    system: `${type()} ${release()}`,
    processors: processors.length,
    processor: processors[0]?.model.trim() ?? 'unknown',
    memoryBytes: totalmem(),
    syncedAppendsPerSecond: syncedAppendsPerSecond(join(directory, 'synced-appends')),
  };
}

const PAGE = new Uint8Array(4096);
const APPENDS = 200;
const ROUNDS = 5;

function syncedAppendsPerSecond(path: string): number {
  const file = openSync(path, 'w');
  try {
    return Math.round(spreadOf(Array.from({ length: ROUNDS }, () => appendRate(file))).median);
  } finally {
    closeSync(file);
    rmSync(path);
  }
}

function appendRate(file: number): number {
  const startedMs = performance.now();
  for (let append = 0; append < APPENDS; append += 1) {
    writeSync(file, PAGE);
    fdatasyncSync(file);
  }
  return (APPENDS / (performance.now() - startedMs)) * 1000;
}

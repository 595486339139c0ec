import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { spread, whole } from './figures.js';

const PAGE = new Uint8Array(4096);
const SYNCS = 500;
const ROUNDS = 5;

/** Where it was measured: processor, memory, Node.js, and what the disk does. */
export function describeMachine(directory) {
  const processors = cpus();
  const model = processors[0]?.model ?? 'unknown processor';
  const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`;
  const disk = `${whole(syncedAppendsPerSecond(directory))} synced appends of 4 KiB a second`;
  return `${processors.length} × ${model}, ${memory}, Node.js ${process.versions.node}; ${disk}`;
}

/** How often a second the disk of `directory` makes an append of 4 KiB durable. */
function syncedAppendsPerSecond(directory) {
  return spread(Array.from({ length: ROUNDS }, () => timedSyncs(directory))).median;
}

function timedSyncs(directory) {
  const file = openSync(join(directory, 'synced-appends'), 'w');
  const startedMs = performance.now();
  for (let sync = 0; sync < SYNCS; sync += 1) {
    writeSync(file, PAGE);
    fdatasyncSync(file);
  }
  const elapsedMs = performance.now() - startedMs;
  closeSync(file);
  return (SYNCS / elapsedMs) * 1000;
}

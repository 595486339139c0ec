import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const here = (file: string) => fileURLToPath(new URL(file, import.meta.url));

/** Starts issuing-process.ts in a process of its own. */
export function issuingProcess(path: string, partition: number, batches: number): ChildProcess {
  return fork(here('issuing-process.ts'), [path, String(partition), String(batches)], {
    execArgv: ['--import', here('typescript-loader.js')],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
}

/** Resolves when it has ended with exit code 0, else throws what it wrote to stderr. */
export async function succeeded(child: ChildProcess): Promise<void> {
  const errors: string[] = [];
  child.stderr?.on('data', (chunk: Buffer) => errors.push(chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`the process ended with ${String(code)}: ${errors.join('')}`);
}

import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { temporaryDir } from '../../support/temporary-dir.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** A script of this folder, compiled to where it can run and be killed as a process of its own. */
export interface Program {
  readonly start: (...args: (string | number)[]) => ChildProcess;
  readonly killAll: () => void;
}

export function buildProgram(script: string): Program {
  const outDir = temporaryDir();
  const path = `test/contract/store/${script}`;
  const program = ts.createProgram([join(ROOT, `${path}.ts`)], {
    rootDir: ROOT,
    outDir,
    module: ts.ModuleKind.NodeNext,
    target: ts.ScriptTarget.ES2023,
    noCheck: true,
    noLib: true,
    types: [],
  });
  program.emit();
  writeFileSync(join(outDir, 'package.json'), '{ "type": "module" }');
  symlinkSync(join(ROOT, 'node_modules'), join(outDir, 'node_modules'));
  const started: ChildProcess[] = [];
  return {
    start: (...args) => {
      const child = fork(join(outDir, `${path}.js`), args.map(String), {
        execArgv: [],
        stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      });
      started.push(child);
      return child;
    },
    killAll: () => {
      for (const child of started) child.kill('SIGKILL');
    },
  };
}

/** issuing-process.ts, one process a partition; all of them open the store at the same moment. */
export async function startIssuing(
  program: Program,
  path: string,
  partitions: readonly number[],
  batches: number,
): Promise<readonly ChildProcess[]> {
  const children = partitions.map((partition) => program.start(path, partition, batches));
  await Promise.all(children.map((child) => once(child, 'message')));
  for (const child of children) child.send('start');
  return children;
}

/** Resolves when it has ended with exit code 0, else throws what it wrote to stderr. */
export async function succeeded(child: ChildProcess): Promise<void> {
  const errors: string[] = [];
  child.stderr?.on('data', (chunk: Buffer) => errors.push(chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`the process ended with ${String(code)}: ${errors.join('')}`);
}

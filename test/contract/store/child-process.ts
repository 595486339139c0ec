import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { temporaryDir } from '../../support/temporary-dir.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const SCRIPT = 'test/contract/store/issuing-process';

/** issuing-process.ts, compiled to where it can run and be killed as a process of its own. */
export interface IssuingProgram {
  /** One process a partition; all of them open the store at the same moment. */
  readonly start: (
    path: string,
    partitions: readonly number[],
    batches: number,
  ) => Promise<readonly ChildProcess[]>;
  readonly killAll: () => void;
}

export function buildIssuingProgram(): IssuingProgram {
  const outDir = temporaryDir();
  const program = ts.createProgram([join(ROOT, `${SCRIPT}.ts`)], {
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
    start: async (path, partitions, batches) => {
      const children = partitions.map((partition) =>
        fork(join(outDir, `${SCRIPT}.js`), [path, String(partition), String(batches)], {
          execArgv: [],
          stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
        }),
      );
      started.push(...children);
      await Promise.all(children.map((child) => once(child, 'message')));
      for (const child of children) child.send('start');
      return children;
    },
    killAll: () => {
      for (const child of started) child.kill('SIGKILL');
    },
  };
}

/** Resolves when it has ended with exit code 0, else throws what it wrote to stderr. */
export async function succeeded(child: ChildProcess): Promise<void> {
  const errors: string[] = [];
  child.stderr?.on('data', (chunk: Buffer) => errors.push(chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`the process ended with ${String(code)}: ${errors.join('')}`);
}

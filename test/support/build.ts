/**
 * Vitest's global set-up for the tests that run the real executable: builds dist/ where it is older
 * than what it is made of, so that nobody tests a stale build.
 */
import { execFile } from 'node:child_process';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = fileURLToPath(new URL('../..', import.meta.url));

export async function setup(): Promise<void> {
  const builtAtMs = await modifiedAtMs(join(root, 'dist', 'help.txt')).catch(() => 0);
  if ((await sourcesModifiedAtMs()) < builtAtMs) return;
  await promisify(execFile)('npm', ['run', 'build'], { cwd: root }).catch((error: unknown) => {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string };
    throw new Error(`dist/ could not be built:\n${stdout ?? ''}${stderr ?? ''}`);
  });
}

/** Directories count, too: theirs changes when a file is removed. */
async function sourcesModifiedAtMs(): Promise<number> {
  const src = join(root, 'src');
  const below = await readdir(src, { recursive: true });
  const sources = [
    ...['package.json', 'bin/program.js', 'scripts/build.js', 'scripts/code-cache.js'].map((name) =>
      join(root, name),
    ),
    src,
    ...below.map((path) => join(src, path)),
  ];
  return Math.max(...(await Promise.all(sources.map(modifiedAtMs))));
}

async function modifiedAtMs(path: string): Promise<number> {
  return (await stat(path)).mtimeMs;
}

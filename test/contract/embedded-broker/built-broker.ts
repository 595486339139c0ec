import { cp, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const repository = fileURLToPath(new URL('../../..', import.meta.url));

/** Runs a broker in the foreground, on the data directory and port of its arguments. */
const script = `
import { startBroker } from './src/broker/broker.js';
const [dataDir, port] = process.argv.slice(2);
const log = (level, message) => console.error(level + ': ' + message);
try {
  const broker = await startBroker({ dataDir, port: Number(port), log });
  process.on('SIGTERM', () => void broker.stop());
} catch (error) {
  console.error(error.code + ': ' + error.message);
  process.exit(4);
}
`;

/** What the broker imports from outside of its folder. */
const BESIDE = ['errors.ts', 'sqlite-database.ts', 'package-file.ts', 'text/shell-word.ts'];

/** Compiles the broker into a folder, without checking types; returns the script that runs it. */
export async function buildBroker(folder: string): Promise<string> {
  const sources = await readdir(join(repository, 'src/broker'), { recursive: true });
  const files = sources.filter((name) => name.endsWith('.ts')).map((name) => `broker/${name}`);
  for (const file of [...files, ...BESIDE]) {
    const source = await readFile(join(repository, 'src', file), 'utf8');
    const { outputText } = ts.transpileModule(source, {
      compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2023 },
    });
    const target = join(folder, 'src', file.replace(/\.ts$/, '.js'));
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, outputText);
  }
  await cp(join(repository, 'package.json'), join(folder, 'package.json'));
  await symlink(join(repository, 'node_modules'), join(folder, 'node_modules'));
  const path = join(folder, 'run-broker.js');
  await writeFile(path, script);
  return path;
}

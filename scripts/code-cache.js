// Part of `npm run build`: runs `coupons lag` against an embedded broker of its own, and keeps what V8
// compiled for it in dist/coupons.cjs.cache. Without that all works, but starts slower: so where no
// broker may listen, as on some build machines, this warns and leaves none.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const require = createRequire(import.meta.url);
const { codeCache, compile, run } = require('../bin/program.js');

const dir = mkdtempSync(join(tmpdir(), 'coupons-build-'));
for (const name of Object.keys(process.env)) {
  if (name.startsWith('COUPONS_')) delete process.env[name];
}
process.env.XDG_CONFIG_HOME = dir;
const broker = startBroker();
const ended = once(broker, 'exit');
try {
  const [line] = await Promise.race([
    once(broker.stdout.setEncoding('utf8'), 'data'),
    ended.then(() => Promise.reject(new Error('the embedded broker did not start'))),
  ]);
  const { address, error } = JSON.parse(line);
  if (error !== undefined) throw new Error(error.message);
  const script = compile();
  const program = run(script);
  await program.run(['node', 'coupons', 'topics', 'create', '--quiet', '--brokers', address]);
  await program.run(['node', 'coupons', 'lag', '--brokers', address]);
  if ((process.exitCode ?? 0) !== 0) throw new Error('lag failed');
  writeFileSync(codeCache, script.createCachedData());
} catch (error) {
  console.error(`coupons will start slower, for its code could not be compiled: ${error.message}`);
} finally {
  broker.kill();
  await ended;
  rmSync(dir, { recursive: true, force: true });
}
process.exit(0);

function startBroker() {
  const executable = require.resolve('../bin/coupons.js');
  const args = ['broker', 'run', '--port', '0', '--data-dir', dir, '--output', 'json'];
  return spawn(process.execPath, [executable, ...args], { stdio: ['ignore', 'pipe', 'ignore'] });
}

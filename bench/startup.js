// node bench/startup.js [--runs 21] [--brokers host:port,...]
//
// How long a command takes beside a Node that does nothing: `--help` and `--version`, a command that
// asks only the store, and `lag` on a broker of this machine (an embedded one that is started for
// it, or the one given). The commands take turns, so that what else the machine does falls on all
// of them alike. What counts is the ratio to Node. Bash's `time` measures: elapsed time, which on a
// busy machine is mostly waiting for a turn, and time on the CPU, which is steadier.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const executable = fileURLToPath(new URL('../bin/coupons.js', import.meta.url));

const { values } = parseArgs({
  options: { runs: { type: 'string', default: '21' }, brokers: { type: 'string' } },
});
const runs = Number(values.runs);
const dir = mkdtempSync(join(tmpdir(), 'coupons-bench-'));
const env = { PATH: process.env.PATH, HOME: dir, COUPONS_DATA_DIR: dir };

const broker = await startBroker();
try {
  env.COUPONS_BROKERS = broker.brokers;
  coupons('topics', 'create');
  coupons('campaigns', 'create', '1', '--stock', '10');
  coupons('produce', '--coupon', '1', '--count', '20');
  coupons('consume', '--until-drained');
  report(measure());
} finally {
  await broker.stop();
  rmSync(dir, { recursive: true, force: true });
}

async function startBroker() {
  if (values.brokers !== undefined) return { brokers: values.brokers, stop: async () => {} };
  const args = [executable, 'broker', 'run', '--port', '0', '--output', 'json'];
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'ignore'] });
  const [line] = await once(child.stdout.setEncoding('utf8'), 'data');
  const stop = async () => {
    child.kill();
    await once(child, 'exit');
  };
  return { brokers: JSON.parse(line).address, stop };
}

function coupons(...args) {
  execFileSync(process.execPath, [executable, ...args], { env, stdio: 'ignore' });
}

function measure() {
  const commands = [
    { name: 'node, doing nothing', args: ['-e', '0'] },
    { name: 'coupons --help', args: [executable, '--help'] },
    { name: 'coupons --version', args: [executable, '--version'] },
    { name: 'coupons campaigns list', args: [executable, 'campaigns', 'list'] },
    { name: 'coupons lag', args: [executable, 'lag'] },
  ].map((command) => ({ ...command, times: [] }));
  for (let run = 0; run < runs; run += 1) {
    for (const { args, times } of commands) times.push(timed(args));
  }
  return commands.map(({ name, times }) => ({
    name,
    elapsed: summary(times.map(({ elapsedMs }) => elapsedMs)),
    cpu: summary(times.map(({ cpuMs }) => cpuMs)),
  }));
}

function timed(args) {
  const script = 'TIMEFORMAT="%R %U %S"; { time "$@" >&3 2>&3; } 2>&1 3>/dev/null';
  const time = execFileSync('bash', ['-c', script, 'bash', process.execPath, ...args], { env });
  const [elapsed, user, system] = String(time)
    .split(' ')
    .map((seconds) => Number(seconds) * 1000);
  return { elapsedMs: elapsed, cpuMs: user + system };
}

function summary(times) {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share) => sorted[Math.round(share * (sorted.length - 1))];
  return { quickest: at(0), median: at(0.5), slowest: at(1) };
}

function report(rows) {
  const [bare] = rows;
  const [{ model }] = cpus();
  const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`;
  console.log(
    `Node ${process.versions.node}, ${cpus().length} x ${model}, ${memory}, ${runs} runs`,
  );
  for (const kind of ['elapsed', 'cpu']) {
    console.log(`\n${kind.padEnd(24)}quickest  median  slowest (ms)  to Node: quickest  median`);
    for (const row of rows) {
      const { quickest, median, slowest } = row[kind];
      const figures = [quickest, median, slowest].map((ms) => ms.toFixed(0).padStart(8)).join('');
      const ratios = [quickest / bare[kind].quickest, median / bare[kind].median];
      const shown = ratios.map((ratio) => ratio.toFixed(2).padStart(8)).join('');
      console.log(`${row.name.padEnd(24)}${figures}${' '.repeat(17)}${shown}`);
    }
  }
}

import { execFileSync } from 'node:child_process';
import { startEmbedded } from './support/brokers.js';
import { Coupons, executable } from './support/coupons.js';
import { decimals, each, ratio, shown, spread, whole } from './support/figures.js';
import { table } from './support/markdown.js';
import { readOptions } from './support/options.js';
import { report } from './support/report.js';

const usage = `
node bench/startup.js [--runs 21]

How long a command takes beside a Node.js that does nothing: \`--help\` and \`--version\`, a command that asks
only the store, and \`lag\` on an embedded broker that is started for it. The commands take turns, so that
what else the machine does falls on all of them alike. What counts is the ratio to Node.js. Bash's \`time\`
measures: elapsed time, which on a busy machine is mostly waiting for a turn, and time on the
processor, which is steadier.`;

const { runs } = readOptions({ usage, defaults: { runs: 21 } });

const COMMANDS = [
  { name: 'node, doing nothing', args: ['-e', '0'] },
  { name: 'coupons --help', args: [executable, '--help'] },
  { name: 'coupons --version', args: [executable, '--version'] },
  { name: 'coupons campaigns list', args: [executable, 'campaigns', 'list'] },
  { name: 'coupons lag', args: [executable, 'lag'] },
];

await report('Start-up', async (workspace) => {
  const broker = await startEmbedded(workspace);
  const coupons = new Coupons({ brokers: broker.brokers, dataDir: workspace });
  await coupons.run(['topics', 'create']);
  await coupons.run(['campaigns', 'create', '1', '--stock', '10']);
  await coupons.run(['produce', '--coupon', '1', '--count', '20']);
  await coupons.run(['consume', '--until-drained']);
  const times = measure({
    PATH: process.env.PATH,
    HOME: workspace,
    COUPONS_DATA_DIR: workspace,
    COUPONS_BROKERS: broker.brokers,
  });
  await broker.stop();
  return { settings: `${runs} runs, median (lowest–highest).`, tables: [toTable(times)] };
});

/** Of each command, its runs. */
function measure(env) {
  const times = COMMANDS.map(() => []);
  for (let run = 0; run < runs; run += 1) {
    COMMANDS.forEach(({ args }, index) => times[index].push(timed(args, env)));
  }
  return times;
}

function timed(args, env) {
  const script = 'TIMEFORMAT="%R %U %S"; { time "$@" >&3 2>&3; } 2>&1 3>/dev/null';
  const time = execFileSync('bash', ['-c', script, 'bash', process.execPath, ...args], { env });
  const [elapsed, user, system] = String(time)
    .split(' ')
    .map((seconds) => Number(seconds) * 1000);
  return { elapsedMs: elapsed, cpuMs: user + system };
}

function toTable(times) {
  const [bare] = times;
  const rows = COMMANDS.map(({ name }, index) => {
    const kinds = ['elapsedMs', 'cpuMs'].map((kind) => {
      const figures = each(times[index], kind);
      const toBare = ratio(figures, each(bare, kind)).median;
      return [decimals(2)(toBare), shown(spread(figures), whole)];
    });
    return [name, ...kinds.flat()];
  });
  return table(['', 'elapsed, to Node.js', 'ms', 'processor, to Node.js', 'ms'], rows);
}

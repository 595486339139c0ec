import { readFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { startApacheKafka } from './support/brokers.js';
import { createTopics, groupIsReady } from './support/cluster.js';
import { ConsumeRuns, MODES, modeArguments } from './support/consume.js';
import { decimals } from './support/figures.js';
import { table } from './support/markdown.js';
import { readOptions } from './support/options.js';
import { report, tell } from './support/report.js';

const usage = `
node bench/rest.js [--seconds 60] [--modes single,batch100]

What \`coupons consume\` costs while nothing comes: three members on an Apache Kafka that is started for it,
processor time and memory as Linux counts them (/proc).
KAFKA_VERSION chooses the version of Apache Kafka, which needs Java 17 and Maven.`;

const { seconds, modes } = readOptions({
  usage,
  defaults: { seconds: 60, modes: ['single', 'batch100'] },
  choices: { modes: Object.keys(MODES) },
});
const MEMBERS = 3;
/** After the group is ready: the rest of the start is over. */
const SETTLE_SECONDS = 5;

await report('At rest', async (workspace) => {
  const kafka = await startApacheKafka();
  const at = { brokers: kafka.brokers, workspace };
  await createTopics(at);
  const runs = new ConsumeRuns(at);
  const rows = [];
  for (const mode of modes) rows.push(await rest(await runs.prepare(1), mode, kafka.brokers));
  await kafka.stop();
  return {
    settings: `${kafka.name}; ${MEMBERS} members, nothing to read, over ${seconds} s.`,
    tables: [table(['mode', 'of one core, %', 'memory, MB'], rows)],
  };
});

async function rest({ coupons, group }, mode, brokers) {
  const { child, ended } = coupons.start(['consume', ...modeArguments(mode), '--group', group]);
  await Promise.race([groupIsReady(brokers, group, MEMBERS), ended]);
  await delay(SETTLE_SECONDS * 1000);
  const before = processorSeconds(child.pid);
  await delay(seconds * 1000);
  const share = (processorSeconds(child.pid) - before) / seconds;
  const memory = residentMb(child.pid);
  child.kill('SIGTERM');
  await ended;
  const row = [MODES[mode].label, decimals(2)(share * 100), decimals(0)(memory)];
  tell(row.join('  '));
  return row;
}

/** User and system time of all threads; see proc_pid_stat(5). The name before them may have spaces. */
function processorSeconds(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticksASecond = Number(execFileSync('getconf', ['CLK_TCK']));
  return (Number(fields[11]) + Number(fields[12])) / ticksASecond;
}

function residentMb(pid) {
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return (Number(kilobytes) * 1024) / 1e6;
}

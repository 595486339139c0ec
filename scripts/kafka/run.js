// node scripts/kafka/run.js [--nodes 3] [--port 9092] [--secured] [--control]
// Apache Kafka in the foreground, for developers: prints its address, and ends with Ctrl-C.
// With --secured it listens with TLS and SASL as well, and prints what a client must know as JSON.
// With --control it prints its brokers as JSON (`{"brokers","nodes":[{"id","address","pid"}]}`), and a line
// `restart <id>` on stdin starts a broker that was killed and prints them again.
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { fail, SetupError } from './fail.js';
import { chosenVersion } from './jars.js';
import { startKafka } from './start.js';

const usage =
  'Usage: node scripts/kafka/run.js [--nodes <1..9>] [--port <first port>] [--secured] [--control]';

/** `port` of the first broker; the others follow it. */
function options() {
  try {
    const { values } = parseArgs({
      options: {
        nodes: { type: 'string', default: '1' },
        port: { type: 'string' },
        secured: { type: 'boolean', default: false },
        control: { type: 'boolean', default: false },
      },
    });
    const { secured, control } = values;
    const nodes = wholeNumber(values.nodes, 1, 9);
    if (values.port === undefined) return { nodes, secured, control };
    const port = wholeNumber(values.port, 1, 65_535 - nodes);
    return {
      nodes,
      secured,
      control,
      ports: Array.from({ length: nodes }, (_, index) => port + index),
    };
  } catch (error) {
    console.error(`${error.message}\n${usage}`);
    process.exit(2);
  }
}

function wholeNumber(text, least, most) {
  const number = Number(text);
  if (Number.isInteger(number) && number >= least && number <= most) return number;
  throw new SetupError(`"${text}" is not a whole number from ${least} to ${most}.`);
}

// Ctrl-C is how this command ends: not a failure. What it started ends with the process.
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(0));

try {
  const { control, ...cluster } = options();
  const kafka = await startKafka(cluster);
  const { brokers, access } = kafka;
  const printNodes = () => console.log(JSON.stringify({ brokers, nodes: kafka.nodes() }));
  if (control) {
    printNodes();
    createInterface({ input: process.stdin }).on('line', (line) => {
      const [, id] = /^restart (\d+)$/.exec(line) ?? [];
      if (id !== undefined) kafka.restart(Number(id)).then(printNodes, fail);
    });
  } else console.log(access === null ? brokers : JSON.stringify({ brokers, ...access }));
  console.error(`Apache Kafka ${chosenVersion()} is up. Ctrl-C ends it and removes its data.`);
  await kafka.ended;
  throw new SetupError('Apache Kafka has ended by itself.');
} catch (error) {
  fail(error);
}

// node scripts/kafka/tool.js kafka-consumer-groups --bootstrap-server localhost:9092 --list
// Runs one of Kafka's own console tools, with the arguments that it has in Kafka's bin folder.
import { spawn } from 'node:child_process';
import { fail } from './fail.js';
import { findJava, javaArguments } from './java.js';
import { chosenVersion, kafkaJars } from './jars.js';

const tools = new Map([
  ['kafka-acls', 'org.apache.kafka.tools.AclCommand'],
  ['kafka-broker-api-versions', 'org.apache.kafka.tools.BrokerApiVersionsCommand'],
  ['kafka-configs', 'kafka.admin.ConfigCommand'],
  ['kafka-console-consumer', 'org.apache.kafka.tools.consumer.ConsoleConsumer'],
  ['kafka-console-producer', 'org.apache.kafka.tools.ConsoleProducer'],
  ['kafka-consumer-groups', 'org.apache.kafka.tools.consumer.group.ConsumerGroupCommand'],
  ['kafka-consumer-perf-test', 'org.apache.kafka.tools.ConsumerPerformance'],
  ['kafka-delete-records', 'org.apache.kafka.tools.DeleteRecordsCommand'],
  ['kafka-dump-log', 'kafka.tools.DumpLogSegments'],
  ['kafka-features', 'org.apache.kafka.tools.FeatureCommand'],
  ['kafka-get-offsets', 'org.apache.kafka.tools.GetOffsetShell'],
  ['kafka-groups', 'org.apache.kafka.tools.GroupsCommand'],
  ['kafka-leader-election', 'org.apache.kafka.tools.LeaderElectionCommand'],
  ['kafka-log-dirs', 'org.apache.kafka.tools.LogDirsCommand'],
  ['kafka-metadata-quorum', 'org.apache.kafka.tools.MetadataQuorumCommand'],
  ['kafka-producer-perf-test', 'org.apache.kafka.tools.ProducerPerformance'],
  ['kafka-reassign-partitions', 'org.apache.kafka.tools.reassign.ReassignPartitionsCommand'],
  ['kafka-topics', 'org.apache.kafka.tools.TopicCommand'],
  ['kafka-transactions', 'org.apache.kafka.tools.TransactionsCommand'],
]);

const [name = '', ...args] = process.argv.slice(2);
const mainClass = tools.get(name.replace(/\.(sh|bat)$/, ''));
if (mainClass === undefined) {
  console.error('Usage: node scripts/kafka/tool.js <tool> [arguments of the tool]');
  console.error(`Tools: ${[...tools.keys()].join(', ')}`);
  process.exit(2);
}

try {
  const java = await findJava();
  const jars = await kafkaJars(chosenVersion());
  const tool = spawn(java, [...javaArguments({ jars, mainClass, logLevel: 'error' }), ...args], {
    stdio: 'inherit',
  });
  // The console consumer sums up at SIGINT. Nothing is lost with a tool that is killed otherwise.
  process.on('SIGINT', () => tool.kill('SIGINT'));
  process.once('SIGTERM', () => process.exit(143));
  process.once('exit', () => tool.kill('SIGKILL'));
  tool.once('exit', (code) => process.exit(code ?? 1));
} catch (error) {
  fail(error);
}

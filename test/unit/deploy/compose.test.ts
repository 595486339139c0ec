import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { understand } from '../../support/command-line/program.js';

const Service = z.object({
  image: z.string(),
  build: z.object({ context: z.string(), dockerfile: z.string() }).optional(),
  container_name: z.string().optional(),
  command: z.string().optional(),
  profiles: z.array(z.string()).default([]),
  ports: z.array(z.string()).default([]),
  volumes: z.array(z.string()).default([]),
  healthcheck: z.object({ test: z.string() }).optional(),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
  environment: z.record(z.string(), z.union([z.string(), z.number()])).default({}),
  secrets: z.array(z.string()).default([]),
});
const Compose = z.object({
  services: z.record(z.string(), Service),
  volumes: z.record(z.string(), z.null()),
  secrets: z.record(z.string(), z.object({ file: z.string() })),
});
type Service = z.infer<typeof Service>;

const compose = Compose.parse(parse(readFileSync('docker-compose.yml', 'utf8'), { merge: true }));
const services = Object.entries(compose.services);
const brokers = services.filter(([, { image }]) => image.startsWith('apache/kafka'));
const userInterfaces = services.filter(([, { image }]) => image.includes('kafka-ui'));

function setting([name, { environment }]: readonly [string, Service], key: string): string {
  const value = environment[key];
  if (value === undefined) throw new Error(`${name} has no ${key}`);
  return String(value);
}

/** "INTERNAL://kafka:9094,EXTERNAL://..." as address by listener. */
function addresses(listeners: string): ReadonlyMap<string, string> {
  return new Map(
    listeners.split(',').map((listener) => {
      const [name = '', address = ''] = listener.split('://');
      return [name, address] as const;
    }),
  );
}

test('without a profile there are one broker on 9092 and Kafka UI on 8989', () => {
  const always = services.filter(([, { profiles }]) => profiles.length === 0);
  expect(always.map(([name, { ports }]) => [name, ports])).toEqual([
    ['kafka', ['127.0.0.1:9092:9092']],
    ['kafka-ui', ['127.0.0.1:8989:8080']],
  ]);
  expect(compose.services['kafka']?.container_name).toBe('kafka-container');
});

test('the cluster profile adds three brokers and a Kafka UI of their own', () => {
  const added = services.filter(([, { profiles }]) => profiles.includes('cluster'));
  expect(added.map(([name]) => name)).toEqual([
    'kafka-1',
    'kafka-2',
    'kafka-3',
    'kafka-ui-cluster',
  ]);
  const voters = '1@kafka-1:9093,2@kafka-2:9093,3@kafka-3:9093';
  for (const [index, broker] of added.slice(0, 3).entries()) {
    expect(setting(broker, 'KAFKA_NODE_ID')).toBe(String(index + 1));
    expect(setting(broker, 'KAFKA_CONTROLLER_QUORUM_VOTERS')).toBe(voters);
  }
});

test('all of it can run at once: no two share a port, a name or a volume', () => {
  const taken = services.flatMap(([, { ports, volumes, container_name: name }]) => [
    ...ports.map((port) => port.split(':').slice(0, 2).join(':')),
    ...volumes.map((volume) => volume.split(':')[0]),
    ...(name === undefined ? [] : [name]),
  ]);
  expect(new Set(taken).size).toBe(taken.length);
});

test('every image has a version of its own, never "latest"', () => {
  expect(brokers).toHaveLength(4);
  for (const [, { image }] of services) expect(image).toMatch(/:v?\d+(\.\d+){1,2}$/);
});

test('nothing is published beyond this machine, for most of it asks for no password', () => {
  for (const [, { ports }] of services) {
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/);
  }
});

test.each(brokers)(
  '%s is found under the address that it gives to its clients',
  (name, service) => {
    const listens = addresses(setting([name, service], 'KAFKA_LISTENERS'));
    const advertised = addresses(setting([name, service], 'KAFKA_ADVERTISED_LISTENERS'));
    const [, outside, inside] = service.ports[0]?.split(':') ?? [];
    expect(advertised.get('EXTERNAL')).toBe(`localhost:${String(outside)}`);
    expect(listens.get('EXTERNAL')).toBe(`:${String(inside)}`);
    expect(advertised.get('INTERNAL')).toBe(`${name}${String(listens.get('INTERNAL'))}`);
    expect(service.healthcheck?.test).toContain(`localhost${String(listens.get('INTERNAL'))}`);
    expect(new Set(listens.values()).size).toBe(3);
  },
);

test.each(brokers)('%s keeps its data in a volume and makes no topic unasked', (name, service) => {
  const dataDir = setting([name, service], 'KAFKA_LOG_DIRS');
  const [volume = '', target] = service.volumes[0]?.split(':') ?? [];
  expect(target).toBe(dataDir);
  expect(Object.keys(compose.volumes)).toContain(volume);
  expect(setting([name, service], 'KAFKA_AUTO_CREATE_TOPICS_ENABLE')).toBe('false');
});

test('a broker alone asks for no replicas of the internal topics', () => {
  const kafka = brokers.find(([name]) => name === 'kafka');
  if (kafka === undefined) throw new Error('no service kafka');
  for (const topic of ['OFFSETS_TOPIC', 'TRANSACTION_STATE_LOG', 'SHARE_COORDINATOR_STATE_TOPIC']) {
    expect(setting(kafka, `KAFKA_${topic}_REPLICATION_FACTOR`)).toBe('1');
  }
});

test.each(userInterfaces)(
  '%s waits for the brokers that it shows, and reaches them',
  (name, ui) => {
    const bootstrap = setting([name, ui], 'KAFKA_CLUSTERS_0_BOOTSTRAPSERVERS').split(',');
    expect(Object.keys(ui.depends_on)).toEqual(bootstrap.map((address) => address.split(':')[0]));
    for (const [broker, { condition }] of Object.entries(ui.depends_on)) {
      expect(condition).toBe('service_healthy');
      const listeners = String(compose.services[broker]?.environment['KAFKA_ADVERTISED_LISTENERS']);
      expect(bootstrap).toContain(addresses(listeners).get('INTERNAL'));
    }
  },
);

const ours = services.filter(([, { build }]) => build !== undefined);

test('the app profile is a consumer and a console on PostgreSQL, once there are topics', () => {
  const added = services.filter(([, { profiles }]) => profiles.includes('app'));
  expect(added.map(([name]) => name)).toEqual(['postgres', 'setup', 'consumer', 'console']);
  for (const name of ['consumer', 'console']) {
    expect(compose.services[name]?.depends_on).toEqual({
      kafka: { condition: 'service_healthy' },
      postgres: { condition: 'service_healthy' },
      setup: { condition: 'service_completed_successfully' },
    });
  }
  for (const [name, service] of ours) {
    expect(setting([name, service], 'COUPONS_BROKERS')).toBe('kafka:9094');
    expect(new URL(setting([name, service], 'COUPONS_STORE')).hostname).toBe('postgres');
  }
});

test('the monitoring profile is Prometheus and Grafana', () => {
  const added = services.filter(([, { profiles }]) => profiles.includes('monitoring'));
  expect(added.map(([name, { ports }]) => [name, ports])).toEqual([
    ['prometheus', ['127.0.0.1:9090:9090']],
    ['grafana', ['127.0.0.1:3000:3000']],
  ]);
});

test('our image has the version of the program', () => {
  const { version } = z
    .object({ version: z.string() })
    .parse(JSON.parse(readFileSync('package.json', 'utf8')));
  expect(new Set(ours.map(([, { image }]) => image))).toEqual(new Set([`coupons:${version}`]));
  for (const [, { build }] of ours) expect(existsSync(build?.dockerfile ?? '')).toBe(true);
});

test('what is mounted from this repository is in it, and a volume is declared', () => {
  const mounted = services.flatMap(([, { volumes }]) => volumes.map((each) => each.split(':')[0]));
  const declared = Object.keys(compose.volumes);
  expect(mounted.filter((from) => from?.startsWith('./') !== true).sort()).toEqual(declared.sort());
  const files = mounted.filter((from) => from?.startsWith('./'));
  expect(files).not.toEqual([]);
  for (const file of files) expect(existsSync(file ?? ''), file).toBe(true);
});

test('the token of the console has no default: it is in a file that everyone makes for themselves', () => {
  expect(compose.secrets).toEqual({
    'serve-token': { file: '${COUPONS_SERVE_TOKEN_FILE:-./serve-token}' },
  });
  expect(readFileSync('.gitignore', 'utf8').split('\n')).toContain('serve-token');
  const readers = services.filter(([, { secrets }]) => secrets.includes('serve-token'));
  expect(readers.map(([name]) => name)).toEqual(['console', 'prometheus']);
  expect(compose.services['console']?.command).toContain('--token-file /run/secrets/serve-token');
  expect(readFileSync('deploy/prometheus/prometheus.yml', 'utf8')).toContain(
    'credentials_file: /run/secrets/serve-token',
  );
});

test('the image is built of what the build needs, and of nothing else', () => {
  const ignored = readFileSync('deploy/Dockerfile.dockerignore', 'utf8').split('\n');
  const kept = ignored.filter((line) => line.startsWith('!')).map((line) => line.slice(1));
  expect(ignored).toContain('*');
  for (const path of kept) expect(existsSync(path), path).toBe(true);
  for (const [, { healthcheck }] of ours) {
    const script = /\/app\/(\S+)/.exec(healthcheck?.test ?? '')?.[1];
    if (script !== undefined) expect(kept).toContain(script);
  }
});

test.each(ours)('the command line of %s is one', (_name, { command = '' }) => {
  expect(() => understand(command.split(' '))).not.toThrow();
});

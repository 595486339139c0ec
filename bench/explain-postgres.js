import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { ExplainedQueries, pagesOf, tellPlans } from './support/explained-queries.js';
import { decimals, whole } from './support/figures.js';
import {
  campaignOf,
  FILLED_PARTITIONS,
  FILLED_TOPIC,
  fillPostgres,
  ROWS_A_CAMPAIGN,
  userOf,
} from './support/filled-postgres.js';
import { table } from './support/markdown.js';
import { readOptions } from './support/options.js';
import { Postgres } from './support/postgres.js';
import { report, tell } from './support/report.js';

const usage = `
node bench/explain-postgres.js [--rows 10000000] [--batch 500] [--postgres 18]

How PostgreSQL executes each statement of the store, as auto_explain tells it: before the tables were ever analyzed,
where a consumer has prepared its statements while they were empty, and after VACUUM ANALYZE. Fails where
a statement reads the whole table of outcomes, but for those of an audit.
10,000,000 rows need 4 GB of free disk and some minutes. --postgres chooses the version of the server: 15 or 18.`;

const options = readOptions({
  usage,
  defaults: { rows: 10_000_000, batch: 500, postgres: 18 },
});

const PLACE = { database: 'postgres', schema: 'explained' };
const GROUP = 'explained';
const CLUSTER = 'explained';
const PHASES = ['the transaction of a consumer', 'other commands', 'an audit'];

const UNNAMED = [
  ['NEW.issued_quantity', 'the trigger that counts the coupons'],
  ['SELECT 1 FROM ONLY', 'a foreign key'],
  ['DECLARE ', 'outcomes of a partition'],
];
/** An audit reads all there is: which partitions have outcomes, and those of each, which are sorted. */
const READS_ALL = ['`read_partitions`', 'outcomes of a partition'];
/** The table that grows with the requests. */
const GROWING = 'applied_record';

/** What the store does for its commands, on connections that tell their plans. */
class Workload {
  #store;
  #rows;
  #nextOffset = null;

  constructor(store) {
    this.#store = store;
  }

  /** What a consumer does from the first batch on. `rows`: how many the store was filled with. */
  async consume(rows) {
    this.#rows = rows;
    // The first time the store does not know the partition, the second time it moves on.
    await this.#applyBatch();
    await this.#applyBatch();
  }

  /** What the other commands do as well, each of which is a new process. */
  async others() {
    await this.#change();
    await this.#read();
  }

  audit() {
    return this.#store.snapshot((snapshot) => this.#audit(snapshot));
  }

  /** New requests, repeated ones, and a dead letter that the store has. */
  async #applyBatch() {
    const from = this.#nextOffset ?? 0n;
    const requests = [...this.#requests(options.batch), ...this.#known(options.batch / 10)];
    const entries = requests.map((request, index) => ({
      kind: 'request',
      offset: from + BigInt(index),
      timestampMs: 1_764_000_000_000,
      request,
    }));
    const last = from + BigInt(entries.length);
    const letter = { kind: 'dead-letter', reasonCode: 'INVALID_JSON', request: null };
    entries.push({ ...letter, offset: last, timestampMs: 1_764_000_000_000 });
    const result = await this.#store.applyBatch({
      source: { clusterId: CLUSTER, group: GROUP, topic: GROUP, partition: 0 },
      expectedOffset: this.#nextOffset,
      entries,
      nextOffset: last + 1n,
      lastApplied: { offset: last, timestampMs: 1_764_000_000_000, checksum: 0 },
    });
    if (result.kind !== 'applied') throw new Error(`a batch was not applied: ${result.kind}`);
    this.#nextOffset = last + 1n;
  }

  /** New, of campaigns all over the store. */
  #requests(count) {
    const campaigns = Math.max(1, campaignOf(this.#rows - 1));
    return Array.from({ length: count }, (_, index) => ({
      eventId: randomUUID(),
      couponId: Math.floor(((index % 10) * campaigns) / 10) + 1,
      userId: 2 ** 33 + Math.floor(Math.random() * 2 ** 40),
    }));
  }

  /** Of users that have their coupons. */
  #known(count) {
    return Array.from({ length: Math.floor(count) }, (_, index) => {
      const record = Math.floor((index * this.#rows) / count);
      return { eventId: randomUUID(), couponId: campaignOf(record), userId: userOf(record) };
    });
  }

  async #change() {
    const open = { status: 'ACTIVE', validFromMs: null, validUntilMs: null };
    const couponId = 2 ** 40 + Math.floor(Math.random() * 2 ** 40);
    await this.#store.createCampaign(couponId, { name: null, totalQuantity: 1, ...open });
    await this.#store.updateCampaign(couponId, { totalQuantity: 2 });
    const letter = { clusterId: CLUSTER, topic: 'dlq', partition: 0, offset: 1n };
    const remembered = { ...letter, timestampMs: 1, checksum: 1 };
    await this.#store.rememberReplayed([remembered]);
    await this.#store.wasReplayed(remembered);
  }

  async #read() {
    const [known = { couponId: 1, userId: 1 }] = this.#known(2).slice(1);
    const { couponId, userId } = known;
    await this.#store.identity();
    await this.#store.positions(GROUP, GROUP);
    await this.#store.allPositions();
    await this.#store.deadLettered({ topic: FILLED_TOPIC, partition: 1 }, DEAD_LETTERS);
    await this.#store.campaign(couponId);
    await this.#store.campaigns();
    await this.#store.outcomesOf(couponId, userId);
    await this.#store.countIssued({});
    await this.#store.countIssued({ userId });
    await firstPage(this.#store.issued({ couponId }));
    await firstPage(this.#store.issued({ userId }));
    await this.#figures();
  }

  /** What a console asks for every second, and the first of its calls to count a store. */
  async #figures() {
    await this.#store.outcomeTotals(0, COUNTED_AT_ONCE);
    await this.#store.outcomeTotals(this.#rows - COUNTED_AT_ONCE, 2 * COUNTED_AT_ONCE);
    await this.#store.issuedAfterMs(this.#rows - COUNTED_AT_ONCE, 1);
    await this.#store.winners(
      Array.from({ length: 1000 }, (_, index) => ({ couponId: index + 1, sequence: 1 })),
    );
  }

  async #audit(snapshot) {
    await snapshot.positions();
    await snapshot.campaigns();
    await snapshot.versions();
    await snapshot.partitionsOf(FILLED_TOPIC);
    await allPages(snapshot.outcomesInLog(FILLED_TOPIC, 1));
    await firstPage(snapshot.outcomesApplied());
    await snapshot.decisionsOf(this.#known(options.batch));
    const [known = { couponId: 1, userId: 1 }] = this.#known(2);
    await snapshot.outcomesOf(known.couponId, known.userId);
    await snapshot.deadLettered({ topic: FILLED_TOPIC, partition: 1 }, DEAD_LETTERS);
  }
}

/** Rows. */
const COUNTED_AT_ONCE = 50_000;

const DEAD_LETTERS = Array.from({ length: 100 }, (_, index) => ({
  offset: BigInt((FILLED_PARTITIONS * index + 1) * ROWS_A_CAMPAIGN - 1),
  timestampMs: 1_764_000_000_000 + (FILLED_PARTITIONS * index + 1) * ROWS_A_CAMPAIGN - 1,
}));

async function firstPage(pages) {
  for await (const page of pages) return page;
  return [];
}

/** A cursor tells its plan when it is closed. */
async function allPages(pages) {
  let rows = 0;
  for await (const page of pages) rows += page.length;
  return rows;
}

await report('Plans of PostgreSQL', async () => {
  const { rows } = options;
  const queries = new ExplainedQueries();
  // Nothing but this benchmark says when the tables are analyzed.
  const settings = { autovacuum: 'off', max_wal_size: '8GB' };
  const postgres = await Postgres.start({ version: options.postgres, settings });
  const admin = await postgres.connect(PLACE);
  await tellPlans(admin);
  const store = await postgres.openStore(PLACE);
  const workload = new Workload(store);
  await workload.consume(0);
  await filled(admin, rows);
  queries.take();
  const before = await explained(workload, queries);
  await admin.query('VACUUM ANALYZE');
  const after = await explained(workload, queries);
  const bytes = await bytesARow(admin);
  await store.close();
  await admin.end();
  await postgres.stop();
  for (const query of [...before, ...after].flat().filter(readsWholeTable)) {
    process.exitCode = 1;
    tell(`a whole table is read: ${JSON.stringify(query, null, 2)}`);
  }
  return {
    settings: `${postgres.name}; ${whole(rows)} rows of ${whole(campaignOf(rows - 1))} campaigns, ${bytes} a row; batches of ${options.batch}.`,
    tables: PHASES.map((title, phase) => planTable(title, before[phase], after[phase])),
  };
});

/** What was told in each phase of statements that read tables. */
async function explained(workload, queries) {
  const told = () => queries.take().filter(({ plan }) => scansOf(plan) !== '');
  await workload.consume(options.rows);
  const consuming = told();
  await workload.others();
  const others = told();
  await workload.audit();
  return [consuming, others, told()];
}

async function filled(admin, rows) {
  const startedMs = performance.now();
  await fillPostgres(admin, 0, rows);
  const seconds = (performance.now() - startedMs) / 1000;
  tell(`filled with ${whole(rows)} rows in ${seconds.toFixed(0)} s`);
}

/** "105 bytes in the table and 86 in its indexes" */
async function bytesARow(admin) {
  const { rows } = await admin.query(
    `SELECT pg_table_size('applied_record')::float8 / count(*) AS heap,
       pg_indexes_size('applied_record')::float8 / count(*) AS indexes FROM applied_record`,
  );
  const [{ heap, indexes }] = rows;
  return `${whole(heap)} bytes in the table and ${whole(indexes)} in its indexes`;
}

function planTable(title, before, after) {
  const rows = after.map((query) => {
    const name = nameOf(query);
    const first = before.find((other) => nameOf(other) === name);
    return [
      name,
      scansOf(query.plan),
      first === undefined ? '-' : unlessSame(scansOf(first.plan), scansOf(query.plan)),
      whole(pagesOf(query)),
      decimals(2)(query.ms),
    ];
  });
  return table([title, 'reads by', 'never analyzed', 'pages', 'ms'], rows, 3);
}

function unlessSame(first, second) {
  return first === second ? 'the same' : first;
}

/** Those inside the database have no name, nor has a cursor. */
function nameOf({ name, text }) {
  if (name !== undefined) return `\`${name}\``;
  const [, words] = UNNAMED.find(([start]) => text.startsWith(start)) ?? [];
  if (words === undefined) throw new Error(`a statement that has no name here: ${text}`);
  return words;
}

/** How the tables are read: "Index Scan applied_record_claim, Seq Scan log". */
function scansOf(plan) {
  const scans = nodesOf(plan).flatMap((node) => {
    const relation = node['Index Name'] ?? node['Relation Name'];
    const isScan = relation !== undefined && /Scan$/.test(node['Node Type']);
    return isScan ? [`${node['Node Type']} ${relation}`] : [];
  });
  return [...new Set(scans)].join(', ');
}

function readsWholeTable(explained) {
  if (READS_ALL.includes(nameOf(explained))) return false;
  return nodesOf(explained.plan).some(
    (node) => node['Node Type'] === 'Seq Scan' && node['Relation Name'] === GROWING,
  );
}

function nodesOf(plan) {
  return [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];
}

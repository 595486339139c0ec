/** `lag --watch` and `--wait` while a broker does not answer: nothing old is shown as if it held now. */
import { stripVTControlCharacters } from 'node:util';
import { beforeEach, describe, expect, it } from 'vitest';
import { drawLag } from '../../../../src/cli/lag/table.js';
import { watchLag } from '../../../../src/cli/lag/watch.js';
import { CONSUMER_GROUP, REQUEST_TOPIC, topicsOf } from '../../../../src/coupon/topics.js';
import { UnreachableError } from '../../../../src/errors.js';
import { sampleLag } from '../../../../src/lag/sample.js';
import type { LagSample } from '../../../../src/ports/lag-sample.js';
import { Chalk } from 'chalk';
import { CommandServices } from '../../../support/command-line/command-services.js';
import * as contract from '../../../support/json-contract/contract.js';
import { MemoryCluster } from '../../../support/memory/cluster.js';
import { behind } from '../../advice/facts.js';

const OPTIONS = { group: CONSUMER_GROUP, warnAbove: 100, interval: 2, failAbove: 50 };

let cluster: MemoryCluster;
beforeEach(async () => {
  cluster = new MemoryCluster([1]);
  await cluster.createTopics(topicsOf('local'));
  cluster.commit(CONSUMER_GROUP, REQUEST_TOPIC, 0, 0n);
});

/** A watch whose second look gives this; the third finds a lag that ends it. */
async function watch(
  format: 'json' | 'table',
  second: (services: CommandServices) => Promise<LagSample>,
) {
  const services = new CommandServices(cluster, { format });
  const query = { group: CONSUMER_GROUP, topic: null };
  let looks = 0;
  const look = () => {
    looks += 1;
    if (looks === 2) return second(services);
    if (looks === 3) {
      for (let left = 51; left > 0; left -= 1) cluster.append(REQUEST_TOPIC, 0, {});
    }
    return sampleLag(cluster, cluster, query, services.clock.now);
  };
  const result = await services.time.run(watchLag(services, OPTIONS, look, cluster));
  expect(result).toBe('check-failed');
  return services.printed.trimEnd().split('\n');
}

/** As a broker that is frozen: the client gives it up after ten seconds. */
async function hanging({ clock }: CommandServices): Promise<never> {
  await clock.wait(10_000);
  throw new UnreachableError('NO_ANSWER', 'No broker answers.', 'Is it up?');
}

const refused = () =>
  Promise.reject(new UnreachableError('BROKER_UNREACHABLE', 'No broker answers.', 'Is it up?'));

describe('a watch on a broker that hangs', () => {
  it('says in JSON that nothing is known, until it is', async () => {
    const lines = await watch('json', hanging);
    const documents = lines.map((line) => JSON.parse(line) as { at: string; status: unknown });
    expect(documents.map(({ status }) => status)).toEqual([
      'OK',
      ...[null, null, null, null, null],
      'STOPPED',
    ]);
    const [first, ...others] = documents;
    const asOf = contract.lagLine.parse(first).at;
    for (const unknown of others.slice(0, -1)) {
      expect(contract.unknownLagLine.parse(unknown)).toMatchObject({ asOf, partitions: [] });
    }
  });

  it('says so line by line', async () => {
    const lines = await watch('table', hanging);
    expect(lines[0]).toMatch(/ lag 0 {2}OK /);
    for (const line of lines.slice(1, -1)) {
      expect(line).toMatch(/ lag - {2}UNKNOWN {2}no answer, figures of 12:00:00 UTC$/);
    }
    expect(lines).toHaveLength(7);
  });
});

it('a watch says at once that nothing is known where the broker is gone', async () => {
  const lines = await watch('table', refused);
  expect(lines[0]).toMatch(/^2026-11-22T12:00:00.* OK /);
  expect(lines[1]).toMatch(/^2026-11-22T12:00:02.* UNKNOWN /);
});

it('a screen shows no status and no colour of figures that are old', () => {
  const paint = new Chalk({ level: 1 });
  const asOf = '2026-11-22T12:00:00.000Z';
  const text = drawLag(behind({ status: 'OK', trend: null }), {
    paint,
    columns: 80,
    most: null,
    asOf,
  });
  const [head = '', ...rest] = text.split('\n');
  expect(head).toContain(paint.red('UNKNOWN'));
  expect(head).toContain('no answer, figures of 12:00:00 UTC');
  expect(text).not.toMatch(/\bOK\b/);
  for (const line of rest) expect(line).toBe(paint.dim(stripVTControlCharacters(line)));
});

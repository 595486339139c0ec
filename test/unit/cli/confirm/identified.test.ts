import { expect, it, test } from 'vitest';
import { identified } from '../../../../src/cli/confirm/identified.js';
import { spellTarget, type Target } from '../../../../src/cli/confirm/target.js';
import { CliError } from '../../../../src/errors.js';
import type { StoreAccess } from '../../../../src/ports/store-access.js';
import { CommandServices } from '../../../support/command-line/command-services.js';
import { MemoryCluster } from '../../../support/memory/cluster.js';

const position = (clusterId: string) => ({
  ...{ clusterId, group: 'g', topic: 't', partition: 0, nextOffset: 1n },
  lastApplied: { offset: 0n, timestampMs: 0, checksum: 0 },
});

class Services extends CommandServices {
  constructor(private readonly stand: StoreAccess['stand']) {
    super(new MemoryCluster());
  }

  override storeAccess(): Promise<StoreAccess> {
    return Promise.resolve({ stand: this.stand } as StoreAccess);
  }
}

const reading = (...clusterIds: readonly string[]) =>
  new Services(() =>
    Promise.resolve({ id: 'i', path: '/s.db', positions: clusterIds.map(position) }),
  );
const failing = (code: string) => new Services(() => Promise.reject(new CliError(code, 'No.')));

const spelled = async (services: Services, target: Target) =>
  spellTarget(await identified(services, target), services.options);

test('two clusters at one address are told apart by their ids', async () => {
  const services = reading();
  const clusterId = await (await services.reader()).clusterId();
  expect(await spelled(services, { topics: ['t'], store: true })).toBe(
    `no context: cluster broker:9092 (id ${clusterId}), topic t, store /nowhere/coupons.db`,
  );
});

it.each([
  ['store /nowhere/coupons.db of cluster a', reading('a', 'a')],
  ['store /nowhere/coupons.db of cluster a, b', reading('a', 'b')],
  ['store /nowhere/coupons.db', reading()],
  ['store /nowhere/coupons.db', failing('STORE_NOT_FOUND')],
  ['store /nowhere/coupons.db', failing('STORE_OLDER_VERSION')],
])('a store has the cluster that it has read: %s', async (line, services) => {
  expect(await spelled(services, { store: true })).toBe(`no context: ${line}`);
});

it('a store that can not be used is its error, as for the change itself', async () => {
  await expect(identified(failing('STORE_CORRUPT'), { store: true })).rejects.toThrow('No.');
});

/** A pipeline in memory and in virtual time, and a look at what goes on there. */
import { CONSUMER_GROUP, DLQ_TOPIC, REQUEST_TOPIC, topicsOf } from '../../../src/coupon/topics.js';
import type { ClusterAdmin } from '../../../src/ports/cluster-admin.js';
import type { CouponStore } from '../../../src/ports/coupon-store.js';
import type { NewEvent } from '../../../src/ports/store-history.js';
import { StatusReadings, type StatusReport } from '../../../src/status/status.js';
import { PartitionLog, request, TERMS } from '../../contract/store/log.js';
import { MemoryCluster } from '../../support/memory/cluster.js';
import { MemoryStore } from '../../support/memory/store.js';
import { VirtualClock } from '../../support/clock/virtual.js';
import { MemoryAccess, proxied, STORE_PATH } from '../serve/console/console-world.js';

export const LIMIT_MS = 2000;
export const ACTOR = { user: 'ops', host: 'issuer-1', pid: 4711 };

export class StatusWorld {
  readonly clock = new VirtualClock();
  readonly cluster = new MemoryCluster([1]);
  readonly store = new MemoryStore({ clock: this.clock.now });
  readonly access = new MemoryAccess(this.store);
  /** What is asked of the cluster instead, where a test says so. */
  admin: ClusterAdmin = this.cluster;
  readonly #applied = new PartitionLog(this.store, { clusterId: 'cluster-in-memory' });
  #users = 0;

  /** A sale of ten minutes ago, with three members; all is read. */
  static async start(stock = 1000): Promise<StatusWorld> {
    const world = new StatusWorld();
    await world.cluster.createTopics(topicsOf('local'));
    await world.store.createCampaign(1, { ...TERMS, name: 'spring', totalQuantity: stock });
    await world.joinMembers();
    world.ask(10);
    await world.decide(10);
    await world.pass(10 * 60_000);
    return world;
  }

  pass(ms: number): Promise<void> {
    return this.clock.run(this.clock.wait(ms));
  }

  async joinMembers(): Promise<void> {
    const { id } = await this.store.identity();
    const members = [0, 1, 2].map((partition) => ({
      memberId: `member-${String(partition)}`,
      clientId: `coupons-batch-${String(partition + 1)}`,
      host: '10.0.0.7',
      assignment: { [REQUEST_TOPIC]: [partition] },
      subscription: [REQUEST_TOPIC],
      isAssignmentReadable: true,
      store: { id, host: 'issuer-1', path: STORE_PATH, sinceMs: 1, pid: 4711 },
    }));
    const description = { state: 'Stable', sharesPartitions: true, members };
    this.cluster.describe(CONSUMER_GROUP, description);
  }

  leaveMembers(): void {
    const description = { state: 'Empty', sharesPartitions: true, members: [] };
    this.cluster.describe(CONSUMER_GROUP, description);
  }

  ask(requests: number): void {
    for (let left = requests; left > 0; left -= 1) {
      this.cluster.append(REQUEST_TOPIC, 0, { timestampMs: this.clock.now() });
    }
  }

  /** The store applies the next requests, and the group commits them. */
  async decide(requests: number): Promise<void> {
    const timestampMs = this.clock.now();
    const entries = Array.from({ length: requests }, () =>
      request(1, (this.#users += 1), { timestampMs }),
    );
    await this.#applied.tryApply(...entries);
    await this.commit(this.#applied.nextOffset);
  }

  /** The next requests are the same one again and again: the first is decided, the others are repeats. */
  async repeat(requests: number): Promise<void> {
    const again = request(1, (this.#users += 1), { timestampMs: this.clock.now() });
    await this.#applied.tryApply(...Array.from({ length: requests }, () => again));
    await this.commit(this.#applied.nextOffset);
  }

  async commit(offset: bigint, change: { readonly id?: string } = {}): Promise<void> {
    const { id } = await this.store.identity();
    const place = { host: 'issuer-1', path: STORE_PATH, sinceMs: 1, pid: 4711 };
    const mark = { id, ...place, applied: offset, ...change };
    this.cluster.commit(CONSUMER_GROUP, REQUEST_TOPIC, 0, offset, mark);
  }

  failLetters(letters: number): void {
    const headers = { 'coupon-dlq-reason': Buffer.from('MALFORMED_JSON') };
    for (let left = letters; left > 0; left -= 1) {
      this.cluster.append(DLQ_TOPIC, 0, { timestampMs: this.clock.now(), headers });
    }
  }

  async happen(event: Omit<NewEvent, 'atMs' | 'actor'> & { readonly kind: string }): Promise<void> {
    await this.store.recordEvents([{ ...event, atMs: this.clock.now(), actor: ACTOR } as NewEvent]);
  }

  /** The store, but for these of its methods. */
  replaceStore(changes: Partial<CouponStore>): void {
    this.access.store = proxied<CouponStore>(this.store, changes);
  }

  replaceAdmin(changes: Partial<ClusterAdmin>): void {
    this.admin = proxied<ClusterAdmin>(this.cluster, changes);
  }

  readings(): StatusReadings {
    return new StatusReadings(
      { admin: this.admin, reader: this.cluster, access: this.access, clock: this.clock },
      {
        group: CONSUMER_GROUP,
        storePlace: { host: 'issuer-1', path: STORE_PATH },
        limitMs: LIMIT_MS,
      },
    );
  }

  look(readings = this.readings()): Promise<StatusReport> {
    return this.clock.run(readings.look());
  }
}

import type { CouponStore } from '../../../src/ports/coupon-store.js';
import type { LetterIdentity } from '../../../src/ports/replayed-letters.js';
import { DETAILS, event } from './history.js';
import { NOW_MS, PartitionLog, request, TERMS } from './log.js';

export const LETTERS: readonly LetterIdentity[] = [
  [0, 7n],
  [0, 2n ** 60n],
  // The last ones of the order: of two lengths, so that an order by their digits is another.
  [1, 9n],
  [1, 10n],
].map(([partition, offset]) => ({
  clusterId: 'cluster-a',
  topic: 'coupon-issue-dlq',
  partition: Number(partition),
  offset: BigInt(offset ?? 0),
  timestampMs: NOW_MS,
  checksum: 0xfeedbeef,
}));

/** eventIds of all kinds: packed and not, and what SQL, JSON and a terminal take for something else. */
const EVENT_IDS = [
  '3b241101-e2bb-4255-8caf-4136c566a962',
  '3B241101-E2BB-4255-8CAF-4136C566A962',
  '3b241101-e2bb-4255-8caf-4136c566a96',
  `it's "quoted"; \\x00 \\N {a,NULL}`,
  '0',
  '쿠폰 발급 🎟',
  'é',
  'e\u0301',
  ' ',
  'x'.repeat(200),
];

/** Everything that a store can hold, of each kind something unusual. */
export async function fill(store: CouponStore): Promise<void> {
  await store.createCampaign(1, { ...TERMS, name: `'"\\\n\t봄 쿠폰 🎟`, totalQuantity: 5 });
  await store.createCampaign(Number.MAX_SAFE_INTEGER, { ...TERMS, validFromMs: 0 });
  await store.createCampaign(3, { ...TERMS, name: '', validUntilMs: NOW_MS, totalQuantity: 0 });
  await store.updateCampaign(1, { totalQuantity: 6 }, `o'"\\운영@host`);
  const far = new PartitionLog(store, { partition: 11, group: `g'"\\그룹` }, 2n ** 62n);
  const near = new PartitionLog(store, { clusterId: 'Cluster B' });
  await far.apply(...EVENT_IDS.map((eventId, user) => request(1, user + 1, { eventId })));
  await near.apply(
    ...EVENT_IDS.map((eventId) => request(Number.MAX_SAFE_INTEGER, 2 ** 53 - 1, { eventId })),
    request(3, 5, { timestampMs: -1 }),
    request(404, 5, { timestampMs: 0 }),
    { kind: 'dead-letter', reasonCode: 'MALFORMED_JSON', request: null },
    {
      kind: 'dead-letter',
      reasonCode: 'UNEXPECTED_ERROR',
      request: { couponId: 1, userId: 77, eventId: 'refused' },
    },
    request(1, 77, { eventId: 'refused' }),
  );
  await store.rememberReplayed(LETTERS);
  await store.recordEvents(DETAILS.map((details, index) => event(NOW_MS - index, details)));
}

/** Looks up what became of a user's requests: in the store, then in the log, then in the DLQ. */
import { DLQ_TOPIC, REQUEST_TOPIC } from '../coupon/topics.js';
import { countLetters } from '../dead-letters/scan.js';
import { CliError, InterruptedError } from '../errors.js';
import {
  MOST_COUPON_IDS,
  type CouponStore,
  type IssuedCoupon,
  type StoredPosition,
  type UserOutcomes,
} from '../ports/coupon-store.js';
import type { ClusterLogReader, PartitionBounds } from '../ports/log.js';
import { compareLog } from '../records/log-comparison.js';
import { letterNotes, offlineNotes, partitionNotes, type LookUpNote } from './note.js';
import { unreadOffsets, type PartitionLook } from './partition-look.js';
import { stocksSoldOut } from './reason.js';
import { userHistory, type UserFacts, type UserHistory } from './user-history.js';
import { userLetters, type UserLetters } from './user-letters.js';
import { stillWaiting, unreadRequests, type WaitingRequest } from './waiting-requests.js';

export interface LookUpPorts {
  readonly store: Pick<
    CouponStore,
    | 'campaigns'
    | 'issued'
    | 'outcomesOf'
    | 'outcomesOfUser'
    | 'positions'
    | 'snapshot'
    | 'wasReplayed'
    | 'winners'
  >;
  readonly reader: Pick<
    ClusterLogReader,
    'clusterId' | 'logBounds' | 'read' | 'readUncommitted' | 'recordAt'
  >;
  readonly now: () => number;
}

export interface LookUp {
  readonly userId: number;
  /** Null: for whichever. */
  readonly couponId: number | null;
  readonly group: string;
  readonly onProgress?: (progress: LookUpProgress) => void;
  readonly signal?: AbortSignal;
}

export interface LookUpProgress {
  readonly of: 'log' | 'letters';
  readonly looked: number;
  /** By offsets, so that it may be a few more than there are. */
  readonly total: number;
}

export interface LookedUp {
  readonly history: UserHistory;
  readonly notes: readonly LookUpNote[];
  /** Of the log; empty where it was not read. */
  readonly partitions: readonly PartitionLook[];
  /** Of the DLQ; null where it was not read. */
  readonly letters: Pick<UserLetters, 'looked' | 'total'> | null;
}

/**
 * A coupon that the user holds is the whole answer where one is asked about: then only the store is read. Otherwise the
 * log and the DLQ are read as well; where they can't be, a note says so beside what the store knows. Throws CliError where
 * the log can't be read and the store knows nothing, and InterruptedError.
 */
export async function lookUp(ports: LookUpPorts, query: LookUp): Promise<LookedUp> {
  const { couponId, userId } = query;
  const { store } = ports;
  const isHeld = couponId !== null && (await heldBy(store, { couponId, userId })).length > 0;
  const log = isHeld ? NOT_READ : await readLog(ports, query);
  // After the store's positions, which readLog reads: what they have passed has its row by now.
  const { rows, isAll } = await outcomesOf(store, query);
  if (log.failure !== null && rows.length === 0) throw log.failure;
  const letters = await lettersOf(ports, query, { isHeld, log, rows });
  const facts: UserFacts = {
    ...(await storedFacts(store, query, rows)),
    userId,
    couponId,
    rows,
    waiting: stillWaiting(log.requests, rows),
    letters: letters.found?.letters ?? [],
    nowMs: ports.now(),
  };
  const history = userHistory(facts);
  const isFound = rows.length > 0 || facts.waiting.length > 0;
  const notes = [...log.notes, ...letters.notes, ...(isAll ? [] : [COUPONS_NOT_READ])];
  return {
    history,
    // Where it began matters to a request that is missing.
    notes: notes.filter(({ code }) => !isFound || code !== 'LOG_BEGINS_LATER'),
    partitions: log.looks,
    letters: letters.found,
  };
}

const COUPONS_NOT_READ: LookUpNote = { code: 'COUPONS_NOT_READ', looked: MOST_COUPON_IDS };

type Rows = UserOutcomes['rows'];

async function outcomesOf(
  store: LookUpPorts['store'],
  { couponId, userId }: LookUp,
): Promise<UserOutcomes> {
  if (couponId === null) return store.outcomesOfUser(userId);
  return { rows: await store.outcomesOf(couponId, userId), isAll: true };
}

async function heldBy(
  store: LookUpPorts['store'],
  filter: { readonly couponId?: number; readonly userId: number },
): Promise<readonly IssuedCoupon[]> {
  const held: IssuedCoupon[] = [];
  for await (const page of store.issued(filter)) held.push(...page);
  return held;
}

async function storedFacts(
  store: LookUpPorts['store'],
  { couponId, userId }: LookUp,
  rows: Rows,
): Promise<Pick<UserFacts, 'campaigns' | 'versions' | 'held' | 'lastOfStock'>> {
  const asked = new Set(rows.map((row) => row.couponId));
  const [campaigns, versions, held] = await Promise.all([
    store.campaigns(),
    store.snapshot((snapshot) => snapshot.versions()),
    heldBy(store, couponId === null ? { userId } : { couponId, userId }),
  ]);
  const ofAsked = versions.filter((version) => asked.has(version.couponId));
  const last = await store.winners(stocksSoldOut(rows, { versions: ofAsked }));
  return {
    campaigns,
    versions: ofAsked,
    held,
    lastOfStock: last.filter((winner) => winner !== null),
  };
}

interface ReadLog {
  readonly requests: readonly WaitingRequest[];
  readonly looks: readonly PartitionLook[];
  readonly notes: readonly LookUpNote[];
  readonly failure: CliError | null;
}

const NOT_READ: ReadLog = { requests: [], looks: [], notes: [], failure: null };

async function readLog(ports: LookUpPorts, query: LookUp): Promise<ReadLog> {
  try {
    // Before the log's ends: a group that reads on would seem to have read beyond them.
    const positions = await positionsIn(ports, query.group);
    const { bounds, offline } = await ports.reader.logBounds([REQUEST_TOPIC]);
    const looks = await looksAt(ports.reader, positions, bounds.get(REQUEST_TOPIC) ?? []);
    const onRead = counting('log', unreadOffsets(looks), query);
    const requests = await unreadRequests(ports.reader, { ...query, looks, onRead });
    const notes = [...offlineNotes(REQUEST_TOPIC, offline), ...partitionNotes(looks)];
    return { requests, looks, notes, failure: null };
  } catch (error) {
    const failure = notInterrupted(error);
    return { ...NOT_READ, notes: [{ code: 'LOG_NOT_READ', message: failure.message }], failure };
  }
}

/** A store that has read another cluster says nothing of this log. */
async function positionsIn(
  { store, reader }: LookUpPorts,
  group: string,
): Promise<readonly StoredPosition[]> {
  const clusterId = await reader.clusterId();
  const positions = await store.positions(group, REQUEST_TOPIC);
  return positions.filter((position) => position.clusterId === clusterId);
}

function looksAt(
  reader: LookUpPorts['reader'],
  positions: readonly StoredPosition[],
  bounds: readonly PartitionBounds[],
): Promise<readonly PartitionLook[]> {
  return Promise.all(
    bounds.map((bound) => {
      const stored = positions.find(({ partition }) => partition === bound.partition);
      return lookAt(reader, bound, stored);
    }),
  );
}

async function lookAt(
  reader: LookUpPorts['reader'],
  bound: PartitionBounds,
  stored: StoredPosition | undefined,
): Promise<PartitionLook> {
  const comparison = stored === undefined ? 'same' : await compareLog(reader, stored, bound);
  return { topic: REQUEST_TOPIC, bound, storeOffset: stored?.nextOffset ?? null, comparison };
}

interface ReadLetters {
  readonly found: UserLetters | null;
  readonly notes: readonly LookUpNote[];
}

const NO_LETTERS: ReadLetters = { found: null, notes: [] };

interface Known {
  readonly isHeld: boolean;
  readonly log: ReadLog;
  readonly rows: Rows;
}

async function lettersOf(
  ports: LookUpPorts,
  query: LookUp,
  { isHeld, log, rows }: Known,
): Promise<ReadLetters> {
  if (isHeld) return NO_LETTERS;
  // What kept the log from being read would be waited for once more.
  return log.failure === null ? readLetters(ports, query, rows) : lettersNotRead(log.failure);
}

async function readLetters(ports: LookUpPorts, query: LookUp, rows: Rows): Promise<ReadLetters> {
  try {
    const { bounds: byTopic, offline } = await ports.reader.logBounds([DLQ_TOPIC]);
    const bounds = byTopic.get(DLQ_TOPIC) ?? [];
    const onRead = counting('letters', countLetters(bounds), query);
    const found = await userLetters(ports, { ...query, rows, bounds, onRead });
    const notes = [...offlineNotes(DLQ_TOPIC, offline), ...letterNotes(found, bounds)];
    return { found, notes };
  } catch (error) {
    const failure = notInterrupted(error);
    return failure.code === 'TOPIC_NOT_FOUND' ? NO_LETTERS : lettersNotRead(failure);
  }
}

function lettersNotRead({ message }: CliError): ReadLetters {
  return { found: null, notes: [{ code: 'LETTERS_NOT_READ', message }] };
}

/** Adds up what was read. */
function counting(
  of: LookUpProgress['of'],
  total: number,
  { onProgress }: LookUp,
): (more: number) => void {
  let looked = 0;
  return (more) => {
    looked += more;
    onProgress?.({ of, looked, total });
  };
}

/** The failure of a part, which a note is made of. Throws what ends the command. */
function notInterrupted(error: unknown): CliError {
  if (!(error instanceof CliError) || error instanceof InterruptedError) throw error;
  return error;
}

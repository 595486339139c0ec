import type { CampaignTerms } from '../coupon/campaign.js';
import type { Decision } from '../coupon/outcome.js';
import type { CampaignVersion } from '../ports/coupon-store.js';
import type { AppliedOutcome, StoreSnapshot } from '../ports/store-snapshot.js';
import type { Contradictions } from './contradictions.js';
import { Corrections } from './corrections.js';
import type { GoneLog } from './gone-log.js';
import type { RowProblem, RuleFindingData } from './finding.js';
import type { AuditFindings } from './findings.js';

export interface ReplayInput {
  readonly snapshot: StoreSnapshot;
  readonly versions: readonly CampaignVersion[];
  readonly gone: GoneLog;
  /** As of StoreSnapshot. */
  readonly lastIdOf01: number;
  /** The record is what counts where a row says something else. */
  readonly contradictions: Contradictions;
  readonly findings: AuditFindings;
}

/** What the rules have given so far of one campaign, whatever the store says they gave. */
interface CampaignState {
  issued: number;
  version: number;
}

interface HolderOf {
  readonly couponId: number;
  readonly userId: number;
}

interface DueRequest extends HolderOf {
  readonly timestampMs: number;
}

/** A decision with all that it needs. */
interface Decided extends AppliedOutcome {
  readonly eventId: string;
  readonly couponId: number;
  readonly userId: number;
  readonly outcome: Decision;
}

/**
 * Applies all rows once more, in their order, by docs/design.md, "Rules of issuing", and reports
 * where the store decided otherwise. Written without coupon/decide.ts on purpose: an audit that
 * shared the code would share its bugs. Who holds a coupon is looked up in the store, so that memory
 * grows with the campaigns only, not with their users.
 */
export class Replay {
  readonly #input: ReplayInput;
  readonly #termsOf: ReadonlyMap<string, CampaignTerms>;
  readonly #campaigns = new Map<number, CampaignState>();
  readonly #corrections = new Corrections();
  readonly #lastDecided = new Map<string, bigint>();
  /** How far version 0.1 has come in each partition. */
  readonly #reachOf01 = new Map<string, bigint>();
  #lastId = -Infinity;

  constructor(input: ReplayInput) {
    this.#input = input;
    this.#termsOf = new Map(
      input.versions.map((terms) => [versionKey(terms.couponId, terms.version), terms]),
    );
  }

  /** Rows in the order of applying. */
  async add(row: AppliedOutcome): Promise<void> {
    if (row.id <= this.#lastId) this.#add(row, { code: 'ROWS_OUT_OF_ORDER', afterOffset: null });
    this.#lastId = row.id;
    if (row.outcome === 'DEAD_LETTERED') {
      if (row.reasonCode === null) this.#malformed(row, 'DEAD_LETTER_WITHOUT_REASON');
      if (row.campaignVersion !== null) this.#malformed(row, 'DEAD_LETTER_WITH_VERSION');
      return;
    }
    if (row.reasonCode !== null) this.#malformed(row, 'DECISION_WITH_REASON');
    if (!isDecided(row)) {
      this.#malformed(row, 'DECISION_WITHOUT_REQUEST');
      return;
    }
    await this.#checkOrder(row);
    if (row.decidedBefore) await this.#decidedTwice(row);
    else await this.#decidedOnce(row);
  }

  async #decidedTwice(row: Decided): Promise<void> {
    const { eventId, couponId, userId } = row;
    const [first] = await this.#input.snapshot.decisionsOf([{ eventId, couponId, userId }]);
    if (first != null) {
      const { outcome, position } = first;
      this.#add(row, { code: 'EVENT_DECIDED_TWICE', eventId, first: { outcome, position } });
    }
    this.#setHolderAsBefore(row);
  }

  async #decidedOnce(row: Decided): Promise<void> {
    const facts = this.#input.contradictions.get(row);
    if (facts === undefined) {
      const due = this.#judge(row, row, row.heldBefore);
      if (due !== row.outcome) this.#correctHolders(row, row, due);
      return;
    }
    const { request, timestampMs } = facts;
    const held = request !== null && (await this.#isHeldByRows(request, row));
    const due = request === null ? null : this.#judge(row, { ...request, timestampMs }, held);
    this.#correctHolders(row, request ?? row, due);
  }

  /** What the rules give, reported where the row has something else; null where no terms are known. */
  #judge(row: Decided, request: DueRequest, heldByRows: boolean): Decision | null {
    const { couponId, userId } = request;
    const state = this.#campaigns.get(couponId) ?? { issued: 0, version: 0 };
    const terms = this.#termsFor(row, couponId, state);
    if (terms === 'unknown') return null;
    // A coupon without a campaign takes no memory, for a producer can invent any number.
    if (terms !== null) this.#campaigns.set(couponId, state);
    const isHeld = this.#corrections.holds(couponId, userId, heldByRows);
    const due = dueOutcome(terms, state.issued, isHeld, request);
    // What is due is what counts, so that one wrong row does not make all later ones look wrong.
    if (due === 'ISSUED') state.issued += 1;
    const { outcome } = row;
    if (due === outcome) return due;
    const code = due === 'ISSUED' || outcome === 'ISSUED' ? 'WRONG_WINNER' : 'WRONG_OUTCOME';
    this.#add(row, { code, outcome, due });
    return due;
  }

  async #isHeldByRows({ couponId, userId }: HolderOf, row: Decided): Promise<boolean> {
    if (couponId === row.couponId && userId === row.userId) return row.heldBefore;
    const rows = await this.#input.snapshot.outcomesOf(couponId, userId);
    return rows.some(({ id, outcome }) => outcome === 'ISSUED' && id < row.id);
  }

  /** The row names another holder than the rules: from here on theirs holds the coupon. */
  #correctHolders(row: Decided, { couponId, userId }: HolderOf, due: Decision | null): void {
    this.#setHolderAsBefore(row);
    if (due === 'ISSUED') this.#corrections.set(couponId, userId, true);
  }

  #setHolderAsBefore({ outcome, couponId, userId, heldBefore }: Decided): void {
    if (outcome !== 'ISSUED') return;
    const isHolder = this.#corrections.holds(couponId, userId, heldBefore);
    this.#corrections.set(couponId, userId, isHolder);
  }

  /**
   * A partition's requests are decided in the order of its log. When it is read again from its start,
   * what was dead-lettered is decided late, and so is what version 0.1 had skipped.
   */
  async #checkOrder(row: Decided): Promise<void> {
    // Of how many logs they are is not known, and each began at its start.
    if (this.#input.gone.has(row)) return;
    const { topic, partition, offset } = row.position;
    const key = `${topic}/${partition}`;
    const last = this.#lastDecided.get(key);
    const isOf01 = row.id <= this.#input.lastIdOf01;
    if (last === undefined || offset > last) {
      this.#lastDecided.set(key, offset);
      if (isOf01) this.#reachOf01.set(key, offset);
      return;
    }
    if (!isOf01 && offset < (this.#reachOf01.get(key) ?? 0n)) return;
    const { timestampMs } = row;
    const place = { topic, partition };
    const dead = await this.#input.snapshot.deadLettered(place, [{ offset, timestampMs }]);
    if (!dead.has(offset)) this.#add(row, { code: 'ROWS_OUT_OF_ORDER', afterOffset: last });
  }

  /** The terms that the row names; null where it names none. Versions never go down. */
  #termsFor(
    row: Decided,
    couponId: number,
    state: CampaignState,
  ): CampaignTerms | null | 'unknown' {
    const version = row.campaignVersion;
    if ((version ?? 0) < state.version) {
      this.#add(row, { code: 'VERSION_WENT_BACK', version, lastVersion: state.version });
    }
    if (version === null) return null;
    const terms = this.#termsOf.get(versionKey(couponId, version));
    if (terms === undefined) {
      this.#add(row, { code: 'VERSION_UNKNOWN', version });
      return 'unknown';
    }
    state.version = Math.max(state.version, version);
    return terms;
  }

  #malformed(row: AppliedOutcome, problem: RowProblem): void {
    this.#add(row, { code: 'ROW_MALFORMED', problem });
  }

  #add(row: AppliedOutcome, what: RuleFindingData): void {
    const couponId = this.#input.contradictions.get(row)?.couponId ?? row.couponId;
    const { userId, position } = row;
    this.#input.findings.addOf({ couponId, userId, position, ...what });
  }
}

/**
 * Rule 2 for a request that was not decided before. Both ends of the validity window belong to it
 * (coupon/campaign.ts). Terms null: there was no campaign.
 */
function dueOutcome(
  terms: CampaignTerms | null,
  issued: number,
  isHeld: boolean,
  { timestampMs }: DueRequest,
): Decision {
  if (terms === null) return 'NOT_FOUND';
  const { validFromMs, validUntilMs, totalQuantity } = terms;
  switch (true) {
    case terms.status !== 'ACTIVE':
      return 'INACTIVE';
    case timestampMs < (validFromMs ?? -Infinity):
      return 'NOT_STARTED';
    case timestampMs > (validUntilMs ?? Infinity):
      return 'EXPIRED';
    case isHeld:
      return 'DUPLICATE';
    default:
      return issued < totalQuantity ? 'ISSUED' : 'SOLD_OUT';
  }
}

function isDecided(row: AppliedOutcome): row is Decided {
  const { eventId, couponId, userId, outcome } = row;
  return eventId !== null && couponId !== null && userId !== null && outcome !== 'DEAD_LETTERED';
}

function versionKey(couponId: number, version: number): string {
  return `${couponId}@${version}`;
}

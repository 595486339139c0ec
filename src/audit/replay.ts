import type { CampaignTerms } from '../coupon/campaign.js';
import type { Decision } from '../coupon/outcome.js';
import type { CampaignVersion, OutcomeRow } from '../ports/coupon-store.js';
import { spellPosition } from '../records/spell-position.js';
import type { RowProblem, RuleFindingData } from './finding.js';
import type { AuditFindings } from './findings.js';
import type { RecordFacts } from './log.js';

export interface ReplayInput {
  /** In the order of applying. */
  readonly rows: readonly OutcomeRow[];
  readonly versions: readonly CampaignVersion[];
  /** The row that stands for each eventId. */
  readonly decisions: ReadonlyMap<string, OutcomeRow>;
  /** What the record says where a row says something else: the record is what counts. */
  readonly contradicted: ReadonlyMap<OutcomeRow, RecordFacts>;
  readonly findings: AuditFindings;
}

/** What the rules have given so far of one campaign, whatever the store says they gave. */
interface CampaignState {
  readonly holders: Set<number>;
  version: number;
}

interface DueRequest {
  readonly couponId: number;
  readonly userId: number;
  readonly timestampMs: number;
}

/**
 * Applies all rows once more, in their order, by docs/design.md, "Rules of issuing", and reports
 * where the store decided otherwise. Written without coupon/decide.ts on purpose: an audit that
 * shared the code would share its bugs.
 */
export function replayRows(input: ReplayInput): void {
  new Replay(input).run();
}

class Replay {
  readonly #input: ReplayInput;
  readonly #termsOf: ReadonlyMap<string, CampaignTerms>;
  readonly #campaigns = new Map<number, CampaignState>();
  readonly #lastDecided = new Map<string, bigint>();
  readonly #deadLettered = new Set<string>();
  #lastId = -Infinity;

  constructor(input: ReplayInput) {
    this.#input = input;
    this.#termsOf = new Map(
      input.versions.map((terms) => [versionKey(terms.couponId, terms.version), terms]),
    );
  }

  run(): void {
    for (const row of this.#input.rows) {
      if (row.id <= this.#lastId) {
        this.#add(row, { code: 'ROWS_OUT_OF_ORDER', afterOffset: null });
      }
      this.#lastId = row.id;
      if (row.outcome === 'DEAD_LETTERED') this.#deadLetter(row);
      else this.#decided(row, row.outcome);
    }
  }

  #deadLetter(row: OutcomeRow): void {
    this.#deadLettered.add(spellPosition(row.position));
    if (row.reasonCode === null) this.#malformed(row, 'DEAD_LETTER_WITHOUT_REASON');
    if (row.campaignVersion !== null) this.#malformed(row, 'DEAD_LETTER_WITH_VERSION');
  }

  #decided(row: OutcomeRow, outcome: Decision): void {
    if (row.reasonCode !== null) this.#malformed(row, 'DECISION_WITH_REASON');
    const { eventId, couponId, userId } = row;
    if (eventId === null || couponId === null || userId === null) {
      this.#malformed(row, 'DECISION_WITHOUT_REQUEST');
      return;
    }
    this.#checkOrder(row);
    const standing = this.#input.decisions.get(eventId);
    if (standing !== undefined && standing !== row) {
      const { outcome: decided, position } = standing;
      const first = { outcome: decided, position };
      this.#add(row, { code: 'EVENT_DECIDED_TWICE', eventId, first });
      return;
    }
    const facts = this.#input.contradicted.get(row);
    if (facts === undefined) {
      this.#judge(row, outcome, { couponId, userId, timestampMs: row.timestampMs });
    } else if (facts.request !== null) {
      this.#judge(row, outcome, { ...facts.request, timestampMs: facts.timestampMs });
    }
  }

  /**
   * A partition's requests are decided in the order of its log. One that was dead-lettered may be
   * decided later, when its partition is read again from the start.
   */
  #checkOrder(row: OutcomeRow): void {
    const { topic, partition, offset } = row.position;
    const key = `${topic}/${partition}`;
    const last = this.#lastDecided.get(key);
    if (last === undefined || offset > last) {
      this.#lastDecided.set(key, offset);
    } else if (!this.#deadLettered.has(spellPosition(row.position))) {
      this.#add(row, { code: 'ROWS_OUT_OF_ORDER', afterOffset: last });
    }
  }

  #judge(row: OutcomeRow, outcome: Decision, request: DueRequest): void {
    const state = this.#campaigns.get(request.couponId) ?? { holders: new Set(), version: 0 };
    this.#campaigns.set(request.couponId, state);
    const terms = this.#termsFor(row, request.couponId, state);
    if (terms === 'unknown') return;
    const due = dueOutcome(terms, state.holders, request);
    // What is due is what counts, so that one wrong row does not make all later ones look wrong.
    if (due === 'ISSUED') state.holders.add(request.userId);
    if (due === outcome) return;
    const code = due === 'ISSUED' || outcome === 'ISSUED' ? 'WRONG_WINNER' : 'WRONG_OUTCOME';
    this.#add(row, { code, outcome, due });
  }

  /** The terms that the row names; null where it names none. Versions never go down. */
  #termsFor(
    row: OutcomeRow,
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

  #malformed(row: OutcomeRow, problem: RowProblem): void {
    this.#add(row, { code: 'ROW_MALFORMED', problem });
  }

  #add(row: OutcomeRow, what: RuleFindingData): void {
    const couponId = this.#input.contradicted.get(row)?.couponId ?? row.couponId;
    const { userId, position } = row;
    this.#input.findings.addOf({ couponId, userId, position, ...what });
  }
}

/**
 * Rule 2 for an eventId that was not decided before. Both ends of the validity window belong to it
 * (coupon/campaign.ts). Null: there was no campaign.
 */
function dueOutcome(
  terms: CampaignTerms | null,
  holders: ReadonlySet<number>,
  { userId, timestampMs }: DueRequest,
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
    case holders.has(userId):
      return 'DUPLICATE';
    default:
      return holders.size < totalQuantity ? 'ISSUED' : 'SOLD_OUT';
  }
}

function versionKey(couponId: number, version: number): string {
  return `${couponId}@${version}`;
}

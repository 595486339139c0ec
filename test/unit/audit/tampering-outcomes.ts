import type { Evidence } from './simulated-pipeline.js';
import { decidedRows, issuedRows, pick, remove, toOne, type Tampering } from './tampering.js';

const refusedRows = ({ tables }: Evidence) =>
  tables.outcomes.filter(({ outcome }) => outcome === 'SOLD_OUT' || outcome === 'DUPLICATE');
const deadRows = ({ tables }: Evidence) =>
  tables.outcomes.filter(({ outcome }) => outcome === 'DEAD_LETTERED');

/** Outcome rows. */
export const OUTCOME_TAMPERINGS: readonly Tampering[] = [
  {
    name: 'the outcome of a winner is dropped',
    code: 'ISSUED_COUNT_WRONG',
    tamper: toOne(issuedRows, (row, { tables }) => remove(tables.outcomes, row)),
  },
  {
    name: 'an outcome is dropped',
    code: 'REQUEST_LOST',
    tamper: toOne(
      ({ tables }) => tables.outcomes,
      (row, { tables }) => remove(tables.outcomes, row),
    ),
  },
  {
    name: 'a winner is turned away',
    code: 'WRONG_WINNER',
    tamper: toOne(issuedRows, (row) => Object.assign(row, { outcome: 'SOLD_OUT', sequence: null })),
  },
  {
    name: 'one who was refused wins',
    code: 'WRONG_WINNER',
    tamper: toOne(refusedRows, (row) => Object.assign(row, { outcome: 'ISSUED', sequence: 1000 })),
  },
  {
    name: 'a refusal gets another reason',
    code: 'WRONG_OUTCOME',
    tamper: toOne(refusedRows, (row) => (row.outcome = 'EXPIRED')),
  },
  {
    name: 'a dead letter becomes a refusal',
    code: 'ROW_MALFORMED',
    tamper: toOne(deadRows, (row) => (row.outcome = 'SOLD_OUT')),
  },
  {
    name: 'a dead letter has no reason',
    code: 'ROW_MALFORMED',
    tamper: toOne(deadRows, (row) => (row.reasonCode = null)),
  },
  {
    name: 'a dead letter claims to be decided',
    code: 'ROW_MALFORMED',
    tamper: toOne(deadRows, (row) => (row.campaignVersion = 1)),
  },
  {
    name: 'a good request is dead-lettered as unreadable',
    code: 'WRONG_OUTCOME',
    tamper: toOne(decidedRows, (row) =>
      Object.assign(row, {
        outcome: 'DEAD_LETTERED',
        reasonCode: 'MALFORMED_JSON',
        sequence: null,
      }),
    ),
  },
  {
    name: 'an outcome is given to another user',
    code: 'ROW_DOES_NOT_MATCH_RECORD',
    tamper: toOne(decidedRows, (row) => (row.userId = 777)),
  },
  {
    name: "an outcome's time is changed",
    code: 'ROW_DOES_NOT_MATCH_RECORD',
    tamper: toOne(decidedRows, (row) => (row.timestampMs -= 1)),
  },
  {
    name: 'an outcome forgets whose it is',
    code: 'ROW_MALFORMED',
    tamper: toOne(decidedRows, (row) => (row.userId = null)),
  },
  {
    name: 'a later request is decided before an earlier one of its partition',
    code: 'ROWS_OUT_OF_ORDER',
    tamper: (evidence, choice) => {
      const { outcomes } = evidence.tables;
      const decided = decidedRows(evidence);
      const one = pick(decided, choice);
      const other = decided.find(
        (row) => row !== one && row.position.partition === one?.position.partition,
      );
      if (one === undefined || other === undefined) return false;
      [one.id, other.id] = [other.id, one.id];
      outcomes.sort((a, b) => a.id - b.id);
      return true;
    },
  },
  {
    name: 'two outcomes share an id',
    code: 'ROWS_OUT_OF_ORDER',
    tamper: ({ tables }, choice) => {
      const row = pick(tables.outcomes.slice(1), choice);
      if (row !== undefined) row.id -= 1;
      return row !== undefined;
    },
  },
  {
    name: 'an outcome stands in the table twice',
    code: 'EVENT_DECIDED_TWICE',
    tamper: toOne(decidedRows, (row, { tables }) => {
      tables.outcomes.push({ ...row, id: tables.outcomes.length + 1 });
    }),
  },
  {
    name: 'a record was applied twice and dead-lettered twice',
    code: 'DEAD_LETTERED_TWICE',
    tamper: toOne(deadRows, (row, { tables }) => {
      tables.outcomes.push({ ...row, id: tables.outcomes.length + 1 });
    }),
  },
  {
    name: 'a request is decided as if there were no campaign',
    code: 'WRONG_WINNER',
    tamper: toOne(issuedRows, (row) => (row.campaignVersion = null)),
  },
  {
    name: 'a request is decided under terms that never were',
    code: 'VERSION_UNKNOWN',
    tamper: toOne(issuedRows, (row) => (row.campaignVersion = 99)),
  },
];

import type { Client } from 'pg';
import { eventually } from '../eventually.js';

/** What one campaign has come to, by the rows of its issued coupons. */
export interface StoredCampaign {
  readonly couponId: number;
  readonly issued: number;
  readonly users: number;
  readonly sequences: number;
  readonly firstSequence: number;
  readonly lastSequence: number;
}

/** The rows of a store, past coupons, as any client of PostgreSQL sees them. */
export class PostgresRows {
  readonly #connect: () => Promise<Client>;
  #client: Promise<Client> | null = null;

  constructor(connect: () => Promise<Client>) {
    this.#connect = connect;
  }

  /** How many records are applied, of all partitions. */
  async records(): Promise<number> {
    const [row] = await this.#query<{ readonly records: string }>(
      'SELECT coalesce(sum(next_offset), 0) AS records FROM partition_offset',
    );
    return Number(row?.records);
  }

  /** Rows by outcome, as they were counted by minute, and as they are. */
  async outcomes(): Promise<{ readonly counted: object; readonly applied: object }> {
    const of = (rows: string) =>
      this.#query(`SELECT outcome, ${rows} GROUP BY outcome ORDER BY outcome`);
    return {
      counted: await of('sum(rows)::int AS rows FROM outcome_minute'),
      applied: await of('count(*)::int AS rows FROM applied_record'),
    };
  }

  /** By couponId. */
  campaigns(): Promise<readonly StoredCampaign[]> {
    return this.#query(`
      SELECT coupon_id::int AS "couponId", count(*)::int AS issued, count(DISTINCT user_id)::int AS users,
        count(DISTINCT sequence)::int AS sequences,
        min(sequence)::int AS "firstSequence", max(sequence)::int AS "lastSequence"
      FROM issued_coupon GROUP BY coupon_id ORDER BY coupon_id`);
  }

  /** A server that is away is asked until it is back. */
  #query<Row extends object>(text: string): Promise<readonly Row[]> {
    return eventually(async () => {
      try {
        const client = await (this.#client ??= this.#connect());
        const { rows } = await client.query<Row>(text);
        return rows;
      } catch (error) {
        this.#client = null;
        throw error;
      }
    });
  }
}

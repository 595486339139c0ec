/** A pipeline whose broker and whose PostgreSQL are the test file's own, so that it may kill both. */
import { beforeEach, expect } from 'vitest';
import * as contract from '../json-contract/contract.js';
import { usePipeline, type Pipeline } from '../pipeline.js';
import { PostgresRows } from './rows.js';
import { useOwnPostgres, type OwnPostgres } from './postgres.js';

export class PostgresPipeline {
  #schema = '';
  #rows: PostgresRows | null = null;

  constructor(
    readonly postgres: OwnPostgres,
    readonly coupons: Pipeline,
  ) {}

  get rows(): PostgresRows {
    if (this.#rows === null) throw new Error('There is a store before each test only.');
    return this.#rows;
  }

  /** Of the store: what another program needs to change its tables. */
  get schema(): string {
    return this.#schema;
  }

  /** Empty topics, no group, and a store that does not exist yet. */
  async reset(): Promise<void> {
    await this.coupons.reset();
    this.#schema = this.postgres.newSchema();
    this.#rows = new PostgresRows(() => this.postgres.client(this.#schema));
  }

  /** Each of the coupons was issued once, nothing went to the DLQ, and the log and the store agree. */
  async expectExactly(expected: {
    readonly records: number;
    readonly issued: number;
  }): Promise<void> {
    expect(await this.rows.campaigns()).toMatchObject([
      { issued: expected.issued, users: expected.issued, lastSequence: expected.issued },
    ]);
    expect(await this.coupons.audit()).toMatchObject({
      verdict: 'PASS',
      records: expected.records,
      unprocessed: 0,
      findings: [],
    });
    expect(await this.coupons.json(contract.dlqCount, ['dlq', 'count'])).toMatchObject({
      count: 0,
    });
  }
}

/** Reset before each test. */
export function usePostgresPipeline(): PostgresPipeline {
  const postgres = useOwnPostgres();
  const coupons = usePipeline({
    broker: 'own',
    // Read at each command: the server is not there yet, and each test has a store of its own.
    env: {
      COUPONS_OUTPUT: 'json',
      get COUPONS_STORE() {
        return postgres.storeUrl(pipeline.schema);
      },
      get COUPONS_STORE_PASSWORD() {
        return postgres.password;
      },
    },
  });
  const pipeline = new PostgresPipeline(postgres, coupons);
  beforeEach(() => pipeline.reset());
  return pipeline;
}

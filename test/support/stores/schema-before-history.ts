import Database from 'better-sqlite3';
import type { Client } from 'pg';

/** What the schema that has a history added to the one before it. */
const ADDED = `
  DROP TABLE event;
  DROP TABLE outcome_minute;
  ALTER TABLE store_identity DROP COLUMN counted_since_ms;
  ALTER TABLE campaign_version DROP COLUMN changed_by;`;

/** Leaves a SQLite store as schema 4 has it. */
export function withoutHistory(path: string): void {
  const db = new Database(path);
  db.exec(`${ADDED} PRAGMA user_version = 4`);
  db.close();
}

/** Leaves a store on PostgreSQL as schema 1 has it. */
export async function withoutHistoryOn(client: Pick<Client, 'query'>): Promise<void> {
  await client.query(`${ADDED} UPDATE coupons_schema SET version = 1`);
}

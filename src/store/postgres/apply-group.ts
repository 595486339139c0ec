import type { ApplyResult } from '../../ports/coupon-store.js';
import type { Group } from '../group.js';
import { logKey } from '../source-key.js';
import { Attempts } from './connection/attempts.js';
import type { Connection } from './connection/connection.js';
import type { Session } from './connection/session.js';
import { addEvents } from './tables/events.js';
import { addLogs, readLogs, type Log } from './tables/logs.js';
import { transaction } from './transaction.js';

/**
 * Applies a group in one transaction; logs that have no number yet get theirs in one before it. `clock`: in ms since the
 * epoch. Throws the port's errors.
 */
export async function applyGroup(
  writer: Session,
  { batches, events }: Group,
  clock: () => number,
): Promise<readonly ApplyResult[]> {
  if (batches.length === 0) {
    await writer.run((connection) => connection.run(addEvents(events)), 'tell');
    return [];
  }
  const attempts = new Attempts(batches);
  let logIds: ReadonlyMap<string, number> = new Map();
  for (;;) {
    const outcome = await writer.run(
      (connection) => transaction(connection, attempts.next({ nowMs: clock(), logIds, events })),
      'repeat',
    );
    if (outcome.kind === 'applied') return outcome.results;
    logIds = await writer.run((connection) => numberLogs(connection, outcome.logs), 'repeat');
  }
}

/** By logKey. */
async function numberLogs(
  connection: Connection,
  logs: readonly Log[],
): Promise<ReadonlyMap<string, number>> {
  await connection.run(addLogs(logs));
  const { rows } = await connection.run(readLogs(logs));
  return new Map(rows.map(([topic, partition, logId]) => [logKey({ topic, partition }), logId]));
}

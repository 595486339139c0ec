import { Connection, type Purpose } from './connection.js';
import { whileOpening } from '../errors.js';
import type { PostgresTarget } from './target.js';

/** Works on a connection of its own, which is closed at the end. Throws UnreachableError. */
export async function withConnection<T>(
  target: PostgresTarget,
  purpose: Purpose,
  work: (connection: Connection) => Promise<T>,
): Promise<T> {
  let connection: Connection | undefined;
  try {
    connection = await Connection.open(target, purpose);
    return await work(connection);
  } catch (error) {
    throw whileOpening(error, target.name);
  } finally {
    await connection?.close();
  }
}

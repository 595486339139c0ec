/** Sending 100 records takes less than 2 ms; a turn of the event loop after each would take as long again. */
const TURN_RECORDS = 100;

/**
 * Gives timers, sockets and signals their turn after every 100 records: shared by the members of a run.
 * The function is called after so many records more, and returns null where it is not time yet.
 */
export function turns(): (records: number) => Promise<void> | null {
  let sinceTurn = 0;
  return (records) => {
    sinceTurn += records;
    if (sinceTurn < TURN_RECORDS) return null;
    sinceTurn = 0;
    return new Promise((resolve) => setImmediate(resolve));
  };
}

/** The fetches that wait for records (long poll), by partition. */
import type { Clock } from '../clock.js';

interface Waiter {
  missingBytes: number;
  readonly wake: () => void;
}

export class AppendWatch {
  readonly #clock: Clock;
  readonly #waiters = new Map<bigint, Set<Waiter>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Records of this size became readable. */
  appended(partitionId: bigint, sizeBytes: number): void {
    for (const waiter of [...(this.#waiters.get(partitionId) ?? [])]) {
      waiter.missingBytes -= sizeBytes;
      if (waiter.missingBytes <= 0) waiter.wake();
    }
  }

  /** Resolves when so many bytes were appended to these partitions together, or time is up. */
  wait(partitionIds: readonly bigint[], missingBytes: number, maxWaitMs: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        cancel();
        for (const id of partitionIds) this.#remove(id, waiter);
        resolve();
      };
      const waiter: Waiter = { missingBytes, wake };
      const cancel = this.#clock.after(maxWaitMs, wake);
      for (const id of partitionIds) {
        const waiters = this.#waiters.get(id);
        if (waiters === undefined) this.#waiters.set(id, new Set([waiter]));
        else waiters.add(waiter);
      }
    });
  }

  #remove(partitionId: bigint, waiter: Waiter): void {
    const waiters = this.#waiters.get(partitionId);
    waiters?.delete(waiter);
    if (waiters?.size === 0) this.#waiters.delete(partitionId);
  }
}

import type { ConsumeEvent } from '../../../consume/events.js';

/** Whether a consumer works, told from its events alone: asking costs the store and the cluster nothing. */
export class Readiness {
  readonly #members: number;
  readonly #joined = new Set<number>();
  /** What does not work. Why is in the log: it may name hosts and files, and anybody may ask. */
  readonly #outages = new Set<string>();
  #isStopping = false;

  /** So many members are to join. */
  constructor(members: number) {
    this.#members = members;
  }

  /** Why it is not ready, as sentences without a full stop; none where it is. */
  reasons(): readonly string[] {
    if (this.#isStopping) return ['the consumer is stopping'];
    return [
      ...Array.from({ length: this.#members }, (_unused, index) => index + 1)
        .filter((member) => !this.#joined.has(member))
        .map((member) => `member ${String(member)} is not in the group`),
      ...[...this.#outages].map((what) => `${what} does not work`),
    ];
  }

  on(event: ConsumeEvent): void {
    switch (event.kind) {
      case 'joined':
        this.#joined.add(event.member);
        return;
      case 'left':
        this.#joined.delete(event.member);
        return;
      case 'outage':
        this.#outages.add(event.what);
        return;
      case 'recovered':
        this.#outages.delete(event.what);
        return;
      case 'stopping':
        this.#isStopping = true;
        return;
      default:
        return;
    }
  }
}

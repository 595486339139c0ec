import type { ConsumePorts } from '../../../src/consume/consume.js';
import type { ConsumerStore } from '../../../src/ports/coupon-store.js';
import type { GroupMember, MemberListener } from '../../../src/ports/group-member.js';
import type { OutgoingRecord } from '../../../src/ports/record-sink.js';

/**
 * A process that is killed: from its death on, none of its calls to the world comes back or has an
 * effect. Dying before a call and dying after it, when only the answer is lost, are two deaths.
 */
export class Mortality {
  readonly died: Promise<'died'>;
  #die: () => void = () => undefined;
  #left: number;

  /** Infinity: it lives on. */
  constructor(stepsToLive: number) {
    this.#left = stepsToLive;
    this.died = new Promise((resolve) => {
      this.#die = () => {
        resolve('died');
      };
    });
  }

  async call<T>(work: () => Promise<T> | T): Promise<T> {
    await this.#step();
    const result = await work();
    await this.#step();
    return result;
  }

  /** The ports of the process, each call of which may be its last. */
  ports(ports: ConsumePorts): ConsumePorts {
    return {
      ...ports,
      store: this.#store(ports.store),
      deadLetters: {
        open: () => this.call(() => ports.deadLetters.open()),
        send: (records: readonly OutgoingRecord[]) =>
          this.call(() => ports.deadLetters.send(records)),
        close: () => this.call(() => ports.deadLetters.close()),
      },
      members: ports.members.map((member) => this.#member(member)),
      groupLag: () => this.call(() => ports.groupLag()),
      wait: (ms, signal) => this.call(() => ports.wait(ms, signal)),
    };
  }

  #store(store: ConsumerStore): ConsumerStore {
    return {
      identity: () => this.call(() => store.identity()),
      applyBatch: (batch) => this.call(() => store.applyBatch(batch)),
      positions: (group, topic) => this.call(() => store.positions(group, topic)),
      deadLettered: (place, records) => this.call(() => store.deadLettered(place, records)),
      recordEvents: (events) => this.call(() => store.recordEvents(events)),
      close: () => this.call(() => store.close()),
    };
  }

  #member(member: GroupMember): GroupMember {
    return {
      start: (listener) => {
        member.start(this.#listener(listener));
      },
      stop: () => this.call(() => member.stop()),
    };
  }

  #listener(listener: MemberListener): MemberListener {
    return {
      assigned: (assignment) => {
        const worker = listener.assigned(assignment);
        return {
          fetched: (batch) => this.call(() => worker.fetched(batch)),
          positionLost: (partition) => {
            worker.positionLost(partition);
          },
        };
      },
      committed: (refusal) => {
        listener.committed(refusal);
      },
      failed: (error) => {
        listener.failed(error);
      },
    };
  }

  #step(): Promise<void> {
    if (this.#left <= 0) return new Promise(() => undefined);
    this.#left -= 1;
    if (this.#left > 0) return Promise.resolve();
    this.#die();
    return new Promise(() => undefined);
  }
}

import { CliError } from '../../../errors.js';
import type { LetterFilterData } from '../wire/letters.js';
import type { ReplayData } from '../wire/replay.js';
import { OneReplay, type ReplayingPorts } from './one-replay.js';

export interface ConsoleReplayOptions {
  readonly isAllowed: boolean;
  /** The group that decides what is sent. */
  readonly group: string;
  /** Told of the latest replay. */
  readonly onChange: (data: ReplayData) => void;
}

/** Replays for all viewers of a console, one at a time. */
export class ConsoleReplay {
  readonly #ports: ReplayingPorts;
  readonly #options: ConsoleReplayOptions;
  #latest: OneReplay | null = null;
  /** Of the latest: settles when nothing of it goes on any more. */
  #running: Promise<void> = Promise.resolve();

  constructor(ports: ReplayingPorts, options: ConsoleReplayOptions) {
    this.#ports = ports;
    this.#options = options;
  }

  /** The latest one; null: none yet. */
  get data(): ReplayData | null {
    return this.#latest?.data ?? null;
  }

  /**
   * Looks at the letters, and gives the plan, or why there is none, when that is done. A plan takes the place of the one
   * before. Throws CliError READ_ONLY, and REPLAY_RUNNING while another one sends.
   */
  async plan(filter: LetterFilterData): Promise<ReplayData> {
    this.#assertAllowed();
    if (this.data?.phase === 'sending') {
      throw new CliError(
        'REPLAY_RUNNING',
        'Another replay is sending dead letters.',
        'Wait until it has ended, or cancel it.',
      );
    }
    this.#latest?.cancel();
    const replay = new OneReplay(this.#ports, this.#options.group, filter, (changed) => {
      if (changed === this.#latest) this.#options.onChange(changed.data);
    });
    this.#latest = replay;
    this.#options.onChange(replay.data);
    this.#running = replay.plan();
    await this.#running;
    return replay.data;
  }

  /** Throws CliError READ_ONLY, and REPLAY_NOT_FOUND where `id` is not the one that waits to be confirmed. */
  confirm(id: string): ReplayData {
    this.#assertAllowed();
    const replay = this.#find(id, ['planned']);
    this.#running = replay.send();
    return replay.data;
  }

  /** Throws CliError READ_ONLY, and REPLAY_NOT_FOUND where `id` is not the latest, or has ended. */
  cancel(id: string): ReplayData {
    this.#assertAllowed();
    const replay = this.#find(id, ['planning', 'planned', 'sending', 'deciding']);
    replay.cancel();
    return replay.data;
  }

  /** Ends what goes on; what was sent stays sent. */
  async close(): Promise<void> {
    this.#latest?.cancel();
    await this.#running;
  }

  #assertAllowed(): void {
    if (this.#options.isAllowed) return;
    throw new CliError(
      'READ_ONLY',
      'This console is read-only, so it replays no dead letters.',
      'Start it with `coupons serve --allow-replay`, or use `coupons dlq replay`.',
    );
  }

  #find(id: string, phases: readonly ReplayData['phase'][]): OneReplay {
    const replay = this.#latest;
    if (replay?.data.id === id && phases.includes(replay.data.phase)) return replay;
    throw new CliError(
      'REPLAY_NOT_FOUND',
      'There is no such replay any more: it has ended, or another one has taken its place.',
      'Plan the replay again.',
    );
  }
}

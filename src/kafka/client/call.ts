/**
 * One call on a cluster: what is done, until when, which signal ends it early, and which failures are
 * retried. A call that is given up is cancelled: its own signal aborts, so that nothing of it goes on
 * in the background.
 */
import kafkajs from 'kafkajs';
import { CliError, InterruptedError, errorOf } from '../../errors.js';
import { brokerDown, isUnreachable, protocolErrorType } from './errors.js';
import { inSeconds } from './seconds.js';

export interface KafkaCall {
  /** What the user is told was tried, in the -ing form: "listing topics". */
  readonly doing: string;
  /** Default: --timeout from now on. */
  readonly deadline?: Deadline;
  /** Ends the call early. It rejects with the signal's reason if that is a CliError, else InterruptedError. */
  readonly signal?: AbortSignal;
  /** Default: nothing is retried. Only for what may be done twice. */
  readonly retry?: Retry;
}

export interface Retry {
  /** Kafka's names of the errors that pass. A broker that can't be reached is retried as well. */
  readonly errors: readonly string[];
  /** Whether it is retried while no broker of the cluster answers at all. Default: that ends the call. */
  readonly whileUnreachable?: boolean;
}

/**
 * Kafka takes about 9 s to notice a dead broker and to elect others for what it led, and a new cluster
 * creates its coordinators at the first request for a group. kafkajs gives up at once.
 */
export const WHILE_MOVING: Retry = {
  errors: [
    'GROUP_COORDINATOR_NOT_AVAILABLE',
    'GROUP_LOAD_IN_PROGRESS',
    'NOT_COORDINATOR_FOR_GROUP',
    'LEADER_NOT_AVAILABLE',
    'NOT_LEADER_FOR_PARTITION',
  ],
};

/** Monotonic time, in ms. */
export interface CallClock {
  readonly now: () => number;
  /** As setTimeout; the function it returns is clearTimeout. */
  readonly after: (ms: number, fire: () => void) => () => void;
}

/** The longest delay that a timer of Node's takes; it would fire longer ones at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

const MONOTONIC: CallClock = {
  now: () => performance.now(),
  after: (ms, fire) => {
    const timer = setTimeout(fire, Math.min(ms, MAX_TIMER_MS));
    return () => {
      clearTimeout(timer);
    };
  },
};

/** A moment at which calls end; several calls may share one. */
export class Deadline {
  readonly #atMs: number;
  readonly #clock: CallClock;

  /** `limitMs` from now on. Infinity: never. */
  constructor(
    readonly limitMs: number,
    clock = MONOTONIC,
  ) {
    this.#clock = clock;
    this.#atMs = clock.now() + limitMs;
  }

  /** Never negative. */
  remainingMs(): number {
    return Math.max(0, this.#atMs - this.#clock.now());
  }
}

/** No broker of the cluster answers: the first connection, or asking any of them, failed. */
export class NoBrokerAnswers extends Error {
  constructor(override readonly cause: unknown) {
    super('no broker answers');
  }
}

/** The reason of a call's own signal: kafkajs must not retry what it ends. */
export class CallOver extends Error {
  override readonly name = 'CallOver';
  readonly retriable = false;
}

const RETRY_MS = 200;
/** Nothing is left to ask, so it is asked less often. */
const UNREACHABLE_RETRY_MS = 1000;

export interface CallEnvironment {
  /** Asks any broker for the cluster's metadata. Rejects with NoBrokerAnswers. */
  readonly refresh: (signal: AbortSignal) => Promise<unknown>;
  /** The error of a call that ends without any failure but that its time is up. */
  readonly timedOut: () => CliError;
  readonly clock?: CallClock;
}

/**
 * Performs a call. `work` gets the call's own signal, which aborts when the call is given up. When the
 * deadline passes after a failure, that failure is thrown rather than a timeout: it names the broker.
 * Rejects with a CliError or with what kafkajs threw.
 */
export async function perform<T>(
  call: KafkaCall & { readonly deadline: Deadline },
  environment: CallEnvironment,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const end = new CallEnd(call, environment.clock ?? MONOTONIC);
  let failure: unknown = null;
  try {
    for (;;) {
      try {
        return await end.unlessOver(work);
      } catch (error) {
        if (end.isOver || !isRetried(error, call.retry)) throw error;
        failure = error;
      }
      if (!(failure instanceof NoBrokerAnswers)) {
        await refresh(end, environment).catch((error: unknown) => {
          if (end.isOver || !isRetried(error, call.retry)) throw error;
          failure = error;
        });
      }
      await end.wait(failure instanceof NoBrokerAnswers ? UNREACHABLE_RETRY_MS : RETRY_MS);
    }
  } catch (error) {
    if (!end.isOver) throw errorOf(error instanceof NoBrokerAnswers ? error.cause : error);
    throw end.interruption ?? (failure === null ? environment.timedOut() : lastFailure(failure));
  } finally {
    end.settle();
  }
}

function isRetried(error: unknown, retry: Retry | undefined): boolean {
  if (retry === undefined) return false;
  if (error instanceof NoBrokerAnswers) return retry.whileUnreachable === true;
  return isUnreachable(error) || retry.errors.includes(protocolErrorType(error) ?? '');
}

/** The first broker asked may be the one that is down, which is known a moment later: asks twice. */
async function refresh(end: CallEnd, environment: CallEnvironment): Promise<void> {
  try {
    await end.unlessOver(environment.refresh);
  } catch {
    await end.wait(RETRY_MS);
    await end.unlessOver(environment.refresh);
  }
}

/** What to say of a call whose time is up after a failure. */
function lastFailure(failure: unknown): Error {
  if (failure instanceof NoBrokerAnswers) return errorOf(failure.cause);
  return isUnreachable(failure) ? brokerDown(failure) : errorOf(failure);
}

/** The deadline and the caller's signal as one signal. */
class CallEnd {
  readonly #controller = new AbortController();
  readonly #over: Promise<never>;
  readonly #clock: CallClock;
  readonly #settling: (() => void)[] = [];
  /** What the caller's signal ended the call with. */
  interruption: CliError | null = null;

  constructor(
    { deadline, signal }: { deadline: Deadline; signal?: AbortSignal },
    clock: CallClock,
  ) {
    this.#clock = clock;
    const own = this.#controller.signal;
    this.#over = new Promise((_resolve, reject) => {
      own.addEventListener('abort', () => {
        reject(own.reason as CallOver);
      });
    });
    this.#over.catch(() => undefined);
    if (signal !== undefined) this.#follow(signal);
    if (deadline.limitMs !== Infinity) {
      const cancel = clock.after(deadline.remainingMs(), () => {
        this.#controller.abort(new CallOver('the deadline has passed'));
      });
      this.#settling.push(cancel);
    }
  }

  get isOver(): boolean {
    return this.#controller.signal.aborted;
  }

  async unlessOver<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const { signal } = this.#controller;
    signal.throwIfAborted();
    return Promise.race([work(signal), this.#over]);
  }

  async wait(ms: number): Promise<void> {
    let cancel: () => void = () => undefined;
    const waited = new Promise<void>((resolve) => {
      cancel = this.#clock.after(ms, resolve);
    });
    try {
      await Promise.race([waited, this.#over]);
    } finally {
      cancel();
    }
  }

  /** From now on neither the deadline nor the caller's signal does anything. */
  settle(): void {
    for (const undo of this.#settling) undo();
  }

  #follow(signal: AbortSignal): void {
    const stop = () => {
      const reason: unknown = signal.reason;
      this.interruption = reason instanceof CliError ? reason : new InterruptedError();
      this.#controller.abort(new CallOver('the caller has ended it'));
    };
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop);
    this.#settling.push(() => {
      signal.removeEventListener('abort', stop);
    });
  }
}

/** Settles as the answer does, or rejects with the signal's reason as soon as it aborts. */
export async function unlessAborted<T>(signal: AbortSignal, ask: () => Promise<T>): Promise<T> {
  signal.throwIfAborted();
  let abort: () => void = () => undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    abort = () => {
      reject(signal.reason as Error);
    };
    signal.addEventListener('abort', abort);
  });
  try {
    return await Promise.race([ask(), aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/** For kafkajs: what is given up must not be retried inside it. */
const NOT_RETRIED = { retriable: false };

/**
 * One step of a call, with a limit after which the broker asked counts as down. `step` gets
 * a signal that aborts then, and when the call is over.
 */
export async function withinLimit<T>(
  limitMs: number,
  step: (signal: AbortSignal) => Promise<T>,
  call?: AbortSignal,
): Promise<T> {
  const late = new AbortController();
  const timer = setTimeout(() => {
    const message = `no answer within ${inSeconds(limitMs)}`;
    late.abort(Object.assign(new kafkajs.KafkaJSConnectionError(message), NOT_RETRIED));
  }, limitMs);
  const signal = call === undefined ? late.signal : AbortSignal.any([late.signal, call]);
  try {
    return await unlessAborted(signal, () => step(signal));
  } finally {
    clearTimeout(timer);
  }
}

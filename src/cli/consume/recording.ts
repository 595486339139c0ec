import { randomUUID } from 'node:crypto';
import { EventRecorder } from '../../consume/event-recorder.js';
import type { ConsumeEvent } from '../../consume/events.js';
import { rememberedOf } from '../../consume/run-events.js';
import { REQUEST_TOPIC } from '../../coupon/topics.js';
import type { LogFile } from '../../output/log-file.js';
import type { EventDetails, StoreHistory } from '../../ports/store-history.js';
import { counted } from '../../text/figures.js';
import { actor } from '../actor.js';
import type { Services } from '../services.js';

/** The events of a run that wait at its end are given so long to be written. */
const END_LIMIT_MS = 500;

export interface RecordedRun {
  readonly clusterId: string;
  readonly group: string;
  readonly mode: string;
  readonly concurrency: number;
}

/** Keeps in the store when this run started, stopped, got partitions and had outages. Nothing waits for it, but `stopped`. */
export class Recording {
  readonly #run = randomUUID();
  readonly #actor = actor();
  readonly #recorder: EventRecorder;
  #records = 0;

  constructor(
    private readonly services: Services,
    store: Pick<StoreHistory, 'recordEvents'>,
    private readonly log: LogFile,
    private readonly started: RecordedRun,
  ) {
    const failed = (error: Error) => {
      log.warn(`the store takes no events, so \`coupons history\` lacks them: ${error.message}`);
    };
    this.#recorder = new EventRecorder({ ...services.clock, store, failed });
    const { clusterId, group, mode, concurrency: members } = started;
    const topic = REQUEST_TOPIC;
    this.#record({
      kind: 'CONSUMER_STARTED',
      run: this.#run,
      clusterId,
      group,
      topic,
      mode,
      members,
    });
  }

  on(event: ConsumeEvent): void {
    if (event.kind === 'applied') this.#records += event.records;
    const details = rememberedOf(event, { run: this.#run, group: this.started.group });
    if (details !== null) this.#record(details);
  }

  /** Takes half a second at most. `errorCode`: of the error that ended the run. */
  async stopped(errorCode: string | null): Promise<void> {
    const { group } = this.started;
    const records = this.#records;
    this.#record({ kind: 'CONSUMER_STOPPED', run: this.#run, group, records, errorCode });
    const lost = await this.#recorder.end(END_LIMIT_MS);
    if (lost > 0) this.log.warn(`${counted(lost, 'event')} may be missing in \`coupons history\``);
  }

  #record(details: EventDetails): void {
    this.#recorder.record({ ...details, atMs: this.services.clock.now(), actor: this.#actor });
  }
}

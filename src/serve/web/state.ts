/** What the page knows, by event; each event has its own subscribers, so that a panel is drawn when its part changes. */
import type { Beat, ConsoleEventName, ConsoleEvents } from '../console/wire/events.js';
import { HistoryColumns } from './history.js';
import { share } from './share.js';
import type { StreamState } from './stream.js';

/** `history` and `point` go into the columns, where they can be thinned. */
export interface Known extends Omit<ConsoleEvents, 'history' | 'point'> {
  readonly history: HistoryColumns;
  readonly stream: StreamState;
}

export type KnownName = keyof Known;

const EVENTS: Readonly<Record<ConsoleEventName, true>> = {
  site: true,
  history: true,
  point: true,
  group: true,
  campaigns: true,
  letters: true,
  advice: true,
  audit: true,
  replay: true,
  beat: true,
};

export const EVENT_NAMES = Object.keys(EVENTS) as ConsoleEventName[];

export class PageState {
  readonly #history = new HistoryColumns();
  #known: Partial<Known> = { history: this.#history, stream: 'connecting' };
  readonly #subscribers = new Map<KnownName, Set<() => void>>();

  get<Name extends KnownName>(name: Name): Known[Name] | undefined {
    return this.#known[name];
  }

  /** Calls `changed` after each change, until the function that it returns is called. */
  subscribe(name: KnownName, changed: () => void): () => void {
    const subscribers = this.#subscribers.get(name) ?? new Set();
    this.#subscribers.set(name, subscribers.add(changed));
    return () => subscribers.delete(changed);
  }

  /** An event of the server, as JSON. */
  apply(name: ConsoleEventName, json: string): void {
    const data: unknown = JSON.parse(json);
    if (name === 'history') this.#history.replace(data as ConsoleEvents['history']);
    else if (name === 'point') this.#history.add(data as ConsoleEvents['point']);
    else {
      this.set(name, data as never);
      if (name === 'beat') this.#readAgain(data as Beat);
      return;
    }
    this.#tell('history');
  }

  /** A part that was read again and has not changed is not sent again: the beat says when it was read. */
  #readAgain({ asOfMs }: Beat): void {
    for (const name of ['group', 'campaigns', 'letters', 'advice'] as const) {
      const part = this.#known[name];
      const readMs = asOfMs[name];
      if (part !== undefined && readMs !== null) this.set(name, { ...part, asOfMs: readMs });
    }
  }

  set<Name extends Exclude<KnownName, 'history'>>(name: Name, value: Known[Name]): void {
    const shared = share(this.#known[name], value);
    if (shared === this.#known[name]) return;
    this.#known = { ...this.#known, [name]: shared };
    this.#tell(name);
  }

  #tell(name: KnownName): void {
    for (const changed of this.#subscribers.get(name) ?? []) changed();
  }
}

import type { ViewerEvent } from './console.js';
import type { ConsoleEventName, ConsoleEvents } from './wire/events.js';
import type { Part } from './wire/part.js';

export function eventOf<Name extends ConsoleEventName>(
  name: Name,
  data: ConsoleEvents[Name],
): ViewerEvent {
  return { name, json: JSON.stringify(data) };
}

type Send = (event: ViewerEvent) => void;

/** Those who look at the console. An event is serialised once for all of them. */
export class Viewers {
  readonly #sends = new Set<Send>();
  /** What was sent last of each part, without its time. */
  readonly #sent = new Map<PartName, string>();

  get count(): number {
    return this.#sends.size;
  }

  /** The function that it gives takes the viewer away again. */
  add(send: Send): () => void {
    // A function may be given twice, and is two viewers then.
    const viewer: Send = (event) => {
      send(event);
    };
    this.#sends.add(viewer);
    // What it was given at first need not be what was sent last, to others or long ago.
    this.#sent.clear();
    return () => {
      this.#sends.delete(viewer);
    };
  }

  send<Name extends ConsoleEventName>(name: Name, data: ConsoleEvents[Name]): void {
    if (this.#sends.size > 0) this.#toAll(eventOf(name, data));
  }

  /** Unless it was sent like this last. That it was read again is no change: `beat` says so. */
  sendPart<Name extends PartName>(name: Name, part: ConsoleEvents[Name]): void {
    if (this.#sends.size === 0) return;
    const rest = `"data":${JSON.stringify(part.data)},"failure":${JSON.stringify(part.failure)}}`;
    if (!this.#isNew(name, rest)) return;
    this.#toAll({ name, json: `{"asOfMs":${JSON.stringify(part.asOfMs)},${rest}` });
  }

  #isNew(name: PartName, json: string): boolean {
    const isNew = this.#sent.get(name) !== json;
    this.#sent.set(name, json);
    return isNew;
  }

  #toAll(event: ViewerEvent): void {
    for (const send of this.#sends) send(event);
  }
}

/** The events that are parts. */
export type PartName = {
  [Name in ConsoleEventName]: ConsoleEvents[Name] extends Part<unknown> ? Name : never;
}[ConsoleEventName];

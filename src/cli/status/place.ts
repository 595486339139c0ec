import { hostname } from 'node:os';
import type { StatusPlace } from '../../words/en/status-findings.js';
import type { Services } from '../services.js';

/** What a status names of the run that looks. */
export interface CommandPlace extends StatusPlace {
  /** Null: there is none. */
  readonly context: string | null;
  /** Of --brokers. */
  readonly brokers: readonly string[];
  /** As `--store` names it. */
  readonly store: string;
  /** Completes a command with the options that its user gave. */
  readonly pasted: (command: string) => string;
}

export function statusPlace(services: Services, group: string): CommandPlace {
  const { contextName, brokers, store } = services.options;
  return {
    group,
    host: hostname(),
    context: contextName,
    brokers,
    store: store.name,
    pasted: (command) => services.pasted(command),
  };
}

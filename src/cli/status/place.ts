import { hostname } from 'node:os';
import type { StatusPlace } from '../../words/en/status-findings.js';
import type { Services } from '../services.js';

/** What a status names of the run that looks. */
export interface CommandPlace extends StatusPlace {
  /** Null: there is none. */
  readonly context: string | null;
  /** Completes a command with the options that its user gave. */
  readonly pasted: (command: string) => string;
}

export function statusPlace(services: Services, group: string): CommandPlace {
  const { contextName } = services.options;
  return {
    group,
    host: hostname(),
    context: contextName,
    pasted: (command) => services.pasted(command),
  };
}

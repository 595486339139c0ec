import { withFullStop, type Failure } from '../../../errors.js';

export interface CheckText {
  readonly detail: string;
  /** The command to run, or where there is none, what to do; null where there is nothing to fix. */
  readonly fix: string | null;
}

export function fine(detail: string): CheckText {
  return { detail, fix: null };
}

export function withHint(detail: string, { hint }: Failure): string {
  return hint === null ? detail : `${withFullStop(detail)} ${hint}`;
}

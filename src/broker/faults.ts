/**
 * What a test makes go wrong in this broker. There are no faults unless a test hands some to
 * startBroker(): no flag and no environment variable does. docs/testing.md has an example.
 */
import type { Refusal } from './wire/error-code.js';

/** A part of a request; `partition` is null where the request names the topic alone. */
export interface RequestTarget {
  readonly topic: string;
  readonly partition: number | null;
}

export interface IncomingRequest {
  /** By its name in api-table.ts, e.g. "Fetch". */
  readonly api: string;
  readonly version: number;
  readonly clientId: string;
  readonly targets: readonly RequestTarget[];
}

export interface Fault {
  /** How long the request waits before anything else happens. */
  readonly delayMs: number;
  /**
   * 'answer': the right answer, only late. 'close': the connection is closed. 'silence': no answer
   * ever comes on this connection. A refusal: this error for what the fault is about.
   */
  readonly outcome: 'answer' | 'close' | 'silence' | Refusal;
  /**
   * Whether the request is carried out first. Its answer alone is then lost or wrong, as where a
   * leader dies after it has written; an error is then the answer for the whole request.
   */
  readonly carriedOut: boolean;
  /** Whether the fault is about this part of the request. */
  isAbout(topic: string, partition: number | null): boolean;
}

export interface Faults {
  /** Asked once for each request; null where this one meets no fault. */
  take(request: IncomingRequest): Fault | null;
}

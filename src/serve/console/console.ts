/** The console as its routes and its metrics see it; test/support/console/fake-console.ts has another one. */
import type { AuditData } from './wire/audit.js';
import type { CampaignsData, UserAnswer } from './wire/campaigns.js';
import type { ConsoleEventName, Site } from './wire/events.js';
import type { GroupData } from './wire/group.js';
import type { LetterFilterData, LetterPage, LettersData, WholeLetter } from './wire/letters.js';
import type { Part } from './wire/part.js';
import type { ReplayData } from './wire/replay.js';

/** An event for viewers: serialised once for all of them. */
export interface ViewerEvent {
  readonly name: ConsoleEventName;
  /** JSON, in one line. */
  readonly json: string;
}

/** What is known now. */
export interface ConsoleState {
  readonly group: Part<GroupData>;
  readonly campaigns: Part<CampaignsData>;
  readonly letters: Part<LettersData>;
  readonly audit: AuditData;
  /** How long the latest reading took. */
  readonly readingMs: number | null;
  readonly viewers: number;
}

/** A page of letters to read. */
export interface LettersWanted {
  readonly filter: LetterFilterData;
  /** Of the page before. */
  readonly before: string | null;
  readonly limit: number;
}

/** Whatever fails throws CliError. */
export interface Console {
  readonly site: Site;
  /**
   * Sends what is known at once, and what changes from then on, until the function that it returns is called. While
   * there is a viewer, Kafka and the store are read every second, for all viewers together.
   */
  view(send: (event: ViewerEvent) => void): () => void;
  /** A state that is at most a second old: reads where there is none. Never rejects: a part says why it failed. */
  state(): Promise<ConsoleState>;

  /** Throws PAGE_NOT_FOUND where `before` is of no page, or of a DLQ that was deleted and recreated. */
  letters(wanted: LettersWanted, signal: AbortSignal): Promise<LetterPage>;
  /** Throws LETTER_NOT_FOUND. */
  letter(partition: number, offset: bigint, signal: AbortSignal): Promise<WholeLetter>;
  user(couponId: number, userId: number, signal: AbortSignal): Promise<UserAnswer>;

  /** Starts one unless one runs already. */
  startAudit(): void;
  /** Throws READ_ONLY, or REPLAY_RUNNING where another one sends. The plan is in the events as well. */
  planReplay(filter: LetterFilterData): Promise<ReplayData>;
  /** Throws REPLAY_NOT_FOUND where `id` is not the one that waits to be confirmed. */
  confirmReplay(id: string): ReplayData;
  /** Likewise. What was sent stays sent. */
  cancelReplay(id: string): ReplayData;

  close(): Promise<void>;
}

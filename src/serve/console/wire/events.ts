/**
 * What the console's server sends to the page, as JSON. Offsets are strings (64 bit), instants are ms since the
 * epoch, durations are in ms. The page imports the types of this folder, and nothing else of the server.
 */
import type { AdviceData } from './advice.js';
import type { AuditData } from './audit.js';
import type { CampaignsData } from './campaigns.js';
import type { GroupData } from './group.js';
import type { History, HistoryPoint } from './history.js';
import type { LettersData } from './letters.js';
import type { Part } from './part.js';
import type { ReplayData } from './replay.js';

/**
 * GET /api/stream (text/event-stream): the name of an event, and its data. A viewer gets `site`, `history` and what
 * is known of each part first, then what changes. `beat` comes every second, also where nothing does.
 */
export interface ConsoleEvents {
  readonly site: Site;
  readonly history: History;
  readonly point: HistoryPoint;
  readonly group: Part<GroupData>;
  readonly campaigns: Part<CampaignsData>;
  readonly letters: Part<LettersData>;
  readonly advice: Part<AdviceData>;
  readonly audit: AuditData;
  /** The latest one; null: none since the console started. */
  readonly replay: ReplayData | null;
  readonly beat: Beat;
}

export interface Beat {
  readonly atMs: number;
  /** When each part was read last; null: not yet. A part that has not changed since is not sent again. */
  readonly asOfMs: Readonly<Record<'group' | 'campaigns' | 'letters' | 'advice', number | null>>;
}

export type ConsoleEventName = keyof ConsoleEvents;

/** What does not change while the console runs. */
export interface Site {
  readonly version: string;
  readonly group: string;
  readonly topic: string;
  readonly dlqTopic: string;
  /** "host:port,..." */
  readonly brokers: string;
  /** The store's file or URL, without a password. */
  readonly store: string;
  /** The name of the context in use. */
  readonly context: string | null;
  /** True: there is no replay. */
  readonly readOnly: boolean;
  readonly startedAtMs: number;
  /** An audit that is older is stale. */
  readonly auditStaleAfterMs: number;
}

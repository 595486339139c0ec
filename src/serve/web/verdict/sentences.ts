import { count } from '../../../text/figures.js';
import type { CampaignsData } from '../../console/wire/campaigns.js';
import type { Words } from '../language/en/words.js';
import type { StreamState } from '../stream.js';
import type { Judged } from './judge.js';

/** A word or two: what the title of the browser's tab says as well. */
export function headlineOf(code: Judged['code'], { verdict }: Words): string {
  switch (code) {
    case 'IDLE':
      return verdict.idle;
    case 'NO_GROUP':
      return verdict.noGroup;
    case 'OVERSOLD':
      return verdict.oversold;
    case 'AUDIT_FAILED':
      return verdict.auditFailed;
    case 'STORE_UNKNOWN':
      return verdict.storeUnknown;
    case 'LOST':
      return verdict.lost;
    default:
      return verdict.status[code];
  }
}

/** What it means, and what to do. */
export function meaningOf(
  code: Judged['code'],
  { verdict, shell }: Words,
  known: { readonly campaigns: CampaignsData | null; readonly stream: StreamState },
): string {
  switch (code) {
    case 'IDLE':
      return verdict.idleMeans;
    case 'NO_GROUP':
      return verdict.noGroupMeans;
    case 'OVERSOLD': {
      const oversold = known.campaigns?.oversold ?? 0;
      return verdict.oversoldMeans(verdict.campaignsCounted(count(oversold), oversold === 1));
    }
    case 'AUDIT_FAILED':
      return verdict.auditFailedMeans;
    case 'STORE_UNKNOWN':
      return verdict.storeUnknownMeans;
    case 'LOST':
      return shell.streamHint[known.stream];
    default:
      return verdict.means[code];
  }
}

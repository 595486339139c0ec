import { useKnown } from '../page.js';
import { judge, type Judged } from './judge.js';

/** The verdict on what is known now; null: on nothing yet. */
export function useJudged(): Judged | null {
  return judge({
    stream: useKnown('stream') ?? 'connecting',
    group: useKnown('group'),
    campaigns: useKnown('campaigns'),
    audit: useKnown('audit'),
    beatMs: useKnown('beat')?.atMs ?? null,
  });
}

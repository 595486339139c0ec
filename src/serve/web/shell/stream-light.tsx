import type { Tone } from '../tone.js';
import { useKnown, usePage } from '../page.js';
import type { StreamState } from '../stream.js';

const TONES: Readonly<Record<StreamState, Tone>> = {
  connecting: 'neutral',
  live: 'good',
  stale: 'caution',
  lost: 'bad',
  'signed-out': 'bad',
};

/** Whether what is shown is live. */
export function StreamLight() {
  const { shell } = usePage().words;
  const stream = useKnown('stream') ?? 'connecting';
  return (
    <span class="light" role="status" data-tone={TONES[stream]} data-stream={stream}>
      <span class="dot" aria-hidden="true" />
      {shell.stream[stream]}
      {stream === 'signed-out' && <a href="/">{shell.signIn}</a>}
    </span>
  );
}

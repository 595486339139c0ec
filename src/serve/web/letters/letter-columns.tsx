import type { LetterRow } from '../../console/wire/letters.js';
import type { Column } from '../components/table.js';
import type { Clock } from '../format/time.js';
import type { Words } from '../language/en/words.js';
import { placeOf, positionOf } from './position.js';

const UNKNOWN = '–';

export function letterColumns(
  { letters: words }: Words,
  clock: Clock,
  onOpen: (position: string) => void,
): readonly Column<LetterRow>[] {
  return [
    {
      ...{ key: 'when', title: words.when, isHeader: true },
      cell: (row) => {
        const { timestampMs } = row;
        const position = positionOf(row);
        const when = timestampMs === null ? position : clock.time(timestampMs);
        return (
          <span class="two-lines">
            <button
              type="button"
              class="link"
              aria-label={words.open(when, position)}
              onClick={() => onOpen(position)}
            >
              {when}
            </button>
            <span class="quiet">{timestampMs !== null && clock.date(timestampMs)}</span>
          </span>
        );
      },
    },
    {
      ...{ key: 'reason', title: words.reason },
      cell: ({ reasonCode, failureReason }) => (
        <span class="two-lines reason-cell">
          <code class="foreign one-line">{reasonCode ?? words.unknown}</code>
          <span class="foreign one-line quiet" title={failureReason ?? undefined}>
            {failureReason}
          </span>
        </span>
      ),
    },
    {
      ...{ key: 'coupon', title: words.coupon, isNumeric: true },
      cell: ({ couponId }) => couponId ?? UNKNOWN,
    },
    {
      ...{ key: 'user', title: words.user, isNumeric: true, from: 'narrow' },
      cell: ({ userId }) => userId ?? UNKNOWN,
    },
    {
      ...{ key: 'retries', title: words.retries, isNumeric: true, from: 'wide' },
      cell: ({ retryCount }) => retryCount ?? UNKNOWN,
    },
    {
      ...{ key: 'replays', title: words.replays, isNumeric: true, from: 'wide' },
      cell: ({ replayCount }) => replayCount,
    },
    {
      ...{ key: 'origin', title: words.origin, from: 'medium' },
      cell: ({ origin }) =>
        origin === null ? UNKNOWN : <span class="foreign one-line">{placeOf(origin)}</span>,
    },
  ];
}

/** `issued show` for people. */
import type { NextStep } from '../../issued/next-step.js';
import type { LookedUp } from '../../issued/look-up.js';
import type { CouponHistory } from '../../issued/user-history.js';
import type { UserLetter } from '../../issued/user-letters.js';
import { onOneLine, printable, visible } from '../../output/printable.js';
import { table } from '../../output/table.js';
import { wrapped, promptedCommand } from '../../output/wrap.js';
import { count, counted } from '../../text/figures.js';
import { timesAt } from '../../text/times.js';
import { usableInstantMs } from '../../records/timestamp.js';
import { reasonText } from '../../words/en/issued-reasons.js';
import { nextStepText } from '../../words/en/issued-steps.js';
import type { Services } from '../services.js';

/** From here on event ids leave enough room for the reasons. */
const WIDE_COLUMNS = 120;

export function drawHistory(looked: LookedUp, services: Services): string {
  const { userId, coupons, letters } = looked.history;
  const isFound = coupons.some(({ requests }) => requests.length > 0);
  const none = `No request of user ${String(userId)} was found.`;
  const parts = [
    ...(coupons.length === 0 ? [none] : []),
    ...coupons.flatMap((coupon) => drawCoupon(coupon, services)),
    ...(isFound ? [] : [drawLookedAt(looked, services)]),
    ...drawLetters(letters, services),
  ];
  return parts.join('\n\n');
}

/** That there is nothing is worth as much as what was looked at. */
function drawLookedAt({ partitions, letters }: LookedUp, services: Services): string {
  const { columns } = services.output;
  const read = table(
    [
      { title: 'PARTITION', align: 'right' },
      { title: 'LOG FROM', align: 'right' },
      { title: 'TO', align: 'right' },
      { title: 'STORE READ TO', align: 'right' },
    ],
    partitions.map(({ bound, storeOffset }) => [
      ...[bound.partition, bound.startOffset, bound.endOffset],
      storeOffset,
    ]),
    columns,
  );
  const inLetters =
    letters === null
      ? 'no dead letters'
      : `${count(letters.looked)} of ${counted(letters.total, 'dead letter')}`;
  const what = `Looked at: the store ${services.storePlace().path}, the log from where the store has read to, and ${inLetters}.`;
  return `${wrapped(what, columns)}\n\n${read}`;
}

function drawCoupon(coupon: CouponHistory, services: Services): readonly string[] {
  const { columns } = services.output;
  const { couponId, userId, requests, next } = coupon;
  const head = `Coupon ${String(couponId)}, user ${String(userId)}: ${statusOf(coupon, services)}`;
  if (requests.length === 0) return [head];
  const asked = requests.map(({ timestampMs }) => usableInstantMs(timestampMs));
  const timeOf = timesOf(asked, services);
  return [
    head,
    table(
      [
        { title: 'ASKED AT (UTC)' },
        { title: 'POSITION', align: 'right' },
        { title: 'OUTCOME' },
        { title: 'WHY', tight: 'fold' },
        ...(columns < WIDE_COLUMNS ? [] : [{ title: 'EVENT', tight: 'clip' } as const]),
      ],
      requests.map(({ timestampMs, position, outcome, reason, eventId }) => [
        timeOf(usableInstantMs(timestampMs)),
        `${String(position.partition)}:${position.offset.toString()}`,
        outcome ?? 'waits',
        printable(reasonText(reason)),
        eventId,
      ]),
      columns,
    ),
    ...(next === null ? [] : [drawNext(next, services)]),
  ];
}

function statusOf({ status, outcome, sequence }: CouponHistory, { output }: Services): string {
  const { paint } = output;
  switch (status) {
    case 'ISSUED':
      return paint.green(`ISSUED, #${sequence === null ? '-' : count(sequence)}`);
    case 'PENDING':
      return paint.yellow('PENDING');
    case 'FAILED':
      return paint.red(`FAILED, ${String(outcome)}`);
    case 'NOT_REQUESTED':
      return 'NOT_REQUESTED';
  }
}

function drawNext(step: NextStep, services: Services): string {
  const { columns, paint } = services.output;
  const { why, command } = nextStepText(step);
  const lines = promptedCommand(services.pasted(command), columns, '  ', paint.cyan);
  return [wrapped(why, columns), ...lines].join('\n');
}

function drawLetters(letters: readonly UserLetter[], services: Services): readonly string[] {
  const [newest] = letters;
  if (newest === undefined) return [];
  const timeOf = timesOf(
    letters.map(({ timestampMs }) => timestampMs),
    services,
  );
  return [
    'Other dead letters that name this user:',
    table(
      [
        { title: 'LETTER', align: 'right' },
        { title: 'TIME (UTC)' },
        { title: 'REASON' },
        { title: 'REPLAYED' },
        { title: 'FAILURE', tight: 'fold' },
      ],
      letters.map(({ position, timestampMs, reasonCode, failureReason, wasReplayed }) => [
        `${String(position.partition)}:${position.offset.toString()}`,
        timeOf(timestampMs),
        reasonCode === null ? null : visible(reasonCode),
        wasReplayed ? 'yes' : 'no',
        failureReason === null ? null : visible(onOneLine(failureReason)),
      ]),
      services.output.columns,
    ),
    drawNext({ code: 'SEE_LETTER', letter: newest.position }, services),
  ];
}

function timesOf(times: readonly (number | null)[], { output, clock }: Services) {
  const known = times.filter((ms) => ms !== null);
  const timeOf = timesAt(output.readAt(clock.now()), known);
  return (ms: number | null) => (ms === null ? null : timeOf(ms));
}

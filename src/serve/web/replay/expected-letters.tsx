import { count } from '../../../text/figures.js';
import type { ReplayPlan } from '../../console/wire/replay.js';
import { Command } from '../components/copy.js';
import { Sentence } from '../components/sentence.js';
import { usePage, useSay } from '../page.js';

/** What the group is expected to decide, by campaign. */
export function ExpectedLetters({ expected }: Pick<ReplayPlan, 'expected'>) {
  const { replay: words } = usePage().words;
  if (expected.length === 0) return null;
  return (
    <div class="table-room">
      <table>
        <thead>
          <tr>
            <th scope="col">{words.coupon}</th>
            <th scope="col" class="number">
              {words.stockLeft}
            </th>
            <th scope="col" class="number">
              {words.waitingAhead}
            </th>
            <th scope="col">{words.expected}</th>
            <th scope="col" class="number">
              {words.selected}
            </th>
            <th scope="col" class="number">
              {words.replayable}
            </th>
          </tr>
        </thead>
        <tbody>
          {expected.map(({ couponId, outcome, ...letters }) => (
            <tr key={`${String(couponId)}/${outcome}`}>
              <th scope="row">{couponId ?? words.otherCoupons}</th>
              <td class="number">{known(letters.stockLeft)}</td>
              <td class="number">{known(letters.waitingAhead)}</td>
              <td>
                <code>{outcome}</code>
              </td>
              <td class="number">{count(letters.letters)}</td>
              <td class="number">{count(letters.replayable)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function known(figure: number | null): string {
  return figure === null ? '–' : count(figure);
}

/** What to do so that letters that are left out can be issued. */
export function FirstSteps({ steps }: Pick<ReplayPlan, 'steps'>) {
  const { replay: words } = usePage().words;
  const say = useSay();
  if (steps.length === 0) return null;
  return (
    <ul class="notes" aria-label={words.leftOut}>
      {steps.map(({ code, couponId, text, command }) => (
        <li key={`${code}/${String(couponId)}`}>
          <Sentence text={say(text)} /> {command !== null && <Command command={command} />}
        </li>
      ))}
    </ul>
  );
}

/** Anybody may write a letter that names another topic as its origin: those are not sent. */
export function OtherTopics({ otherTopics }: Pick<ReplayPlan, 'otherTopics'>) {
  const { replay: words } = usePage().words;
  if (otherTopics.length === 0) return null;
  return (
    <ul class="notes" aria-label={words.otherOrigin}>
      {otherTopics.map(({ topic, letters }) => (
        <li key={topic}>
          {words.otherOrigin} <code class="foreign">{topic ?? words.furtherTopics}</code>:{' '}
          {count(letters)}
        </li>
      ))}
    </ul>
  );
}

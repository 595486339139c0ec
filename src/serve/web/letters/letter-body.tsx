import { count } from '../../../text/figures.js';
import type { WholeLetter } from '../../console/wire/letters.js';
import { Facts } from '../components/facts.js';
import { Command, CopyButton } from '../components/copy.js';
import { Sentence } from '../components/sentence.js';
import type { Clock } from '../format/time.js';
import { usePage } from '../page.js';
import { BytesView } from './bytes-view.js';
import { placeOf, positionOf } from './position.js';

/** All that a letter says. Whatever is in it is text. */
export function LetterBody({ letter }: { readonly letter: WholeLetter }) {
  const { letters: words } = usePage().words;
  const { reasonCode, failureReason, stackTrace } = letter;
  return (
    <>
      <div class="letter-reason">
        <code class="foreign">{reasonCode ?? words.unknown}</code>
        <p class="foreign">{failureReason}</p>
      </div>
      <LetterFacts letter={letter} />
      <BytesView name={words.original} bytes={letter.original} />
      {letter.isOriginalLost && <p class="quiet">{words.originalLost}</p>}
      <BytesView name={words.key} bytes={letter.key} />
      {stackTrace !== null && <StackTrace text={stackTrace} />}
      <Headers letter={letter} />
      <BytesView name={words.wholeValue} bytes={letter.value} />
      <section class="letter-part">
        <h3>{words.inTerminal}</h3>
        <Command command={`coupons dlq show ${positionOf(letter)}`} />
      </section>
    </>
  );
}

function LetterFacts({ letter }: { readonly letter: WholeLetter }) {
  const { words, clock } = usePage();
  const { letters } = words;
  const { origin, timestampMs, lastAttemptAt, wasReplayed } = letter;
  const facts = [
    [letters.when, timestampMs === null ? null : clock.dateTime(timestampMs)],
    [letters.coupon, letter.couponId],
    [letters.user, letter.userId],
    [letters.origin, origin && placeOf(origin)],
    [letters.retries, letter.retryCount],
    [letters.lastAttempt, lastAttemptAt === null ? null : instant(lastAttemptAt, clock)],
    [letters.replays, letter.replayCount],
    [
      letters.wasReplayed,
      wasReplayed === null ? letters.unknown : wasReplayed ? letters.yes : letters.no,
    ],
    [letters.traceparent, letter.traceparent],
  ] as const;
  return <Facts facts={facts} isForeign />;
}

/** In the viewer's zone; what is no instant stays as it was written. */
function instant(text: string, clock: Clock): string {
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? text : clock.dateTime(ms);
}

function StackTrace({ text }: { readonly text: string }) {
  const { letters: words } = usePage().words;
  return (
    <section class="letter-part">
      <header>
        <h3>{words.stackTrace}</h3>
        <CopyButton text={text} label={words.copyOf(words.stackTrace)} />
      </header>
      <pre class="foreign" tabIndex={0}>
        {text}
      </pre>
    </section>
  );
}

function Headers({ letter: { headers, omittedHeaders } }: { readonly letter: WholeLetter }) {
  const { letters: words } = usePage().words;
  return (
    <section class="letter-part">
      <h3>{words.headers}</h3>
      {headers.length === 0 && <p class="quiet">{words.nothing}</p>}
      <dl class="headers">
        {headers.map(({ name, value }, index) => (
          <div key={index}>
            <dt class="foreign">{name}</dt>
            <dd class="foreign">{'text' in value ? value.text : value.base64}</dd>
          </div>
        ))}
      </dl>
      {omittedHeaders > 0 && (
        <p class="quiet">
          <Sentence text={words.omittedHeaders(count(omittedHeaders))} />
        </p>
      )}
    </section>
  );
}

import { useState } from 'preact/hooks';
import type { TargetedSubmitEvent } from 'preact';
import type { UserAnswer } from '../../console/wire/campaigns.js';
import { get, type Answer } from '../api.js';
import { Badge } from '../components/badge.js';
import { FailureNote } from '../components/failure-note.js';
import { Sentence } from '../components/sentence.js';
import { usePage, useSay } from '../page.js';
import type { Tone } from '../tone.js';

type Search = 'idle' | 'running' | Answer<UserAnswer>;

/** What became of a user's request: the answer of `coupons issued show`. */
export function UserSearch() {
  const { campaigns } = usePage().words;
  const [search, setSearch] = useState<Search>('idle');
  const submit = (event: TargetedSubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const query = { coupon: entry(form, 'coupon'), user: entry(form, 'user') };
    setSearch('running');
    void get<UserAnswer>('/api/users', query).then(setSearch);
  };
  return (
    <div class="user-search">
      <form onSubmit={submit} aria-label={campaigns.find}>
        <NumberField id="find-coupon" name="coupon" label={campaigns.coupon} />
        <NumberField id="find-user" name="user" label={campaigns.user} />
        <button type="submit" class="button" disabled={search === 'running'}>
          {campaigns.findButton}
        </button>
      </form>
      <div class="user-answer" role="status">
        {search === 'idle' && <span class="quiet">{campaigns.findHint}</span>}
        {search === 'running' && <span class="quiet">{campaigns.finding}</span>}
        {typeof search === 'object' && <Found answer={search} />}
      </div>
    </div>
  );
}

function entry(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === 'string' ? value.trim() : '';
}

interface NumberFieldProps {
  readonly id: string;
  readonly name: string;
  readonly label: string;
}

function NumberField({ id, name, label }: NumberFieldProps) {
  const { campaigns } = usePage().words;
  return (
    <label class="number-field" for={id}>
      <span>{label}</span>
      <input
        class="input"
        id={id}
        name={name}
        inputMode="numeric"
        autocomplete="off"
        required
        pattern="\s*[1-9][0-9]*\s*"
        title={campaigns.mustBeNumber}
      />
    </label>
  );
}

const TONES: Readonly<Record<UserAnswer['status'], Tone>> = {
  ISSUED: 'good',
  PENDING: 'caution',
  FAILED: 'neutral',
  NOT_REQUESTED: 'neutral',
};

function Found({ answer }: { readonly answer: Answer<UserAnswer> }) {
  const { words, clock } = usePage();
  const say = useSay();
  if (answer.failure !== null) return <FailureNote failure={answer.failure} />;
  const { status, outcome, sequence, issuedAt, couponId, userId, reason, notes } = answer.data;
  const why = status === 'ISSUED' || reason === null ? [] : [reason];
  const sentences = [...why, ...notes];
  const details = [
    ...(sequence === null ? [] : [`#${String(sequence)}`]),
    ...(issuedAt === null ? [] : [clock.dateTime(Date.parse(issuedAt))]),
    ...(status === 'FAILED' && outcome !== null ? [words.outcomes[outcome]] : []),
  ];
  return (
    <>
      <Badge tone={TONES[status]}>{outcome ?? status}</Badge>
      <span>
        {words.campaigns.answer[status](String(userId), String(couponId))}{' '}
        <span class="quiet">{details.join(' · ')}</span>
      </span>
      {sentences.map((sentence) => (
        <p key={sentence.en} class="quiet">
          <Sentence text={say(sentence)} />
        </p>
      ))}
    </>
  );
}

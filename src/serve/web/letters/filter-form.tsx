import { useEffect, useState } from 'preact/hooks';
import type { LettersData } from '../../console/wire/letters.js';
import { usePage } from '../page.js';
import { filterOf, isFiltered, NO_FILTER, SPANS, type FilterFields, type Span } from './filter.js';

/** After this long without a key press, the server is asked. */
const TYPING_MS = 300;

interface FilterFormProps {
  readonly data: LettersData;
  readonly fields: FilterFields;
  readonly change: (changes: Partial<FilterFields>) => void;
}

export function FilterForm({ data, fields, change }: FilterFormProps) {
  const { letters: words } = usePage().words;
  const isWrong = filterOf(fields, 0) === null;
  return (
    <form
      class="filter"
      role="search"
      aria-label={words.filter}
      onSubmit={(event) => event.preventDefault()}
    >
      <TypedField
        name="text"
        label={words.textHint}
        value={fields.text}
        onTyped={(text) => change({ text })}
      />
      <ReasonField {...{ data, fields, change }} />
      <TypedField
        name="coupon"
        label={words.coupon}
        value={fields.coupon}
        isNumeric
        isWrong={isWrong}
        onTyped={(coupon) => change({ coupon })}
      />
      <select
        class="input"
        name="since"
        aria-label={words.since}
        value={fields.span}
        onChange={(event) => change({ span: event.currentTarget.value as Span | '' })}
      >
        <option value="">{words.sinceAll}</option>
        {(Object.keys(SPANS) as Span[]).map((span) => (
          <option key={span} value={span}>
            {words.sinceOf[span]}
          </option>
        ))}
      </select>
      <button
        type="button"
        class="button"
        disabled={!isFiltered(fields)}
        onClick={() => change(NO_FILTER)}
      >
        {words.clear}
      </button>
      {isWrong && (
        <p class="wrong" role="alert">
          {words.couponMustBeNumber}
        </p>
      )}
    </form>
  );
}

function ReasonField({ data, fields, change }: FilterFormProps) {
  const { letters: words } = usePage().words;
  const known = data.reasons.flatMap(({ key }) => (key === null ? [] : [key]));
  // A reason that was chosen stays, also when its last letter was purged.
  const options = new Set([...known, fields.reason].filter((reason) => reason !== ''));
  return (
    <select
      class="input reason"
      name="reason"
      aria-label={words.reason}
      value={fields.reason}
      onChange={(event) => change({ reason: event.currentTarget.value })}
    >
      <option value="">{words.reason}</option>
      {[...options].map((reason) => (
        <option key={reason} value={reason}>
          {reason}
        </option>
      ))}
    </select>
  );
}

interface TypedFieldProps {
  readonly name: string;
  readonly label: string;
  readonly value: string;
  readonly isNumeric?: boolean;
  readonly isWrong?: boolean;
  readonly onTyped: (value: string) => void;
}

/** A field that is told once the typing rests. */
function TypedField({ name, label, value, isNumeric, isWrong, onTyped }: TypedFieldProps) {
  const [typed, setTyped] = useState(value);
  useEffect(() => setTyped(value), [value]);
  useEffect(() => {
    if (typed.trim() === value) return;
    const timer = setTimeout(() => onTyped(typed.trim()), TYPING_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  return (
    <input
      class={`input ${name}`}
      name={name}
      type="search"
      inputMode={isNumeric === true ? 'numeric' : 'text'}
      autocomplete="off"
      spellcheck={false}
      maxLength={200}
      aria-label={label}
      aria-invalid={isWrong === true}
      placeholder={label}
      value={typed}
      onInput={(event) => setTyped(event.currentTarget.value)}
    />
  );
}

import type { Failure } from '../../console/wire/part.js';
import { usePage } from '../page.js';
import { Sentence } from './sentence.js';

/** What went wrong and what to do, as the terminal would say it. */
export function FailureNote({ failure }: { readonly failure: Failure }) {
  const { shell } = usePage().words;
  return (
    <div class="failure" role="status">
      <p>
        <Sentence text={failure.message === '' ? shell.unreachable : failure.message} />
      </p>
      {failure.hint !== null && (
        <p class="quiet">
          <Sentence text={failure.hint} />
        </p>
      )}
    </div>
  );
}

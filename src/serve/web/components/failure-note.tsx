import type { Failure } from '../../console/wire/part.js';
import { usePage } from '../page.js';
import { Sentence } from './sentence.js';

/** What went wrong and what to do, as the terminal would say it; in the viewer's language first, where it has words. */
export function FailureNote({ failure }: { readonly failure: Failure }) {
  const { shell, failures } = usePage().words;
  const { code, message, hint } = failure;
  const own = failures.meaning(code);
  const said = message === '' ? shell.unreachable : message;
  return (
    <div class="failure" role="status">
      {own !== '' && <p>{own}</p>}
      <p class={own === '' ? undefined : 'quiet'}>
        <Sentence text={said} />
      </p>
      {hint !== null && (
        <p class="quiet">
          <Sentence text={hint} />
        </p>
      )}
    </div>
  );
}

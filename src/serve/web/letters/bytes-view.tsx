import { useState } from 'preact/hooks';
import { byteSize } from '../../../text/byte-size.js';
import type { BytesData } from '../../console/wire/letters.js';
import { Choice } from '../components/choice.js';
import { CopyButton } from '../components/copy.js';
import { usePage } from '../page.js';
import { shownAs, type Encoding } from './bytes.js';

interface BytesViewProps {
  readonly name: string;
  readonly bytes: BytesData | null;
}

/** Bytes as text or as base64, which keeps each of them. */
export function BytesView({ name, bytes }: BytesViewProps) {
  const { letters: words } = usePage().words;
  const [wanted, setWanted] = useState<Encoding>('text');
  const isText = bytes !== null && 'text' in bytes;
  const encoding = isText ? wanted : 'base64';
  const shown = bytes === null ? null : shownAs(bytes, encoding);
  const options = [
    ...(isText ? [['text', words.asText] as const] : []),
    ['base64', words.asBase64] as const,
  ];
  return (
    <section class="letter-part">
      <header>
        <h3>
          {name} {bytes !== null && <span class="quiet">{byteSize(bytes.sizeBytes)}</span>}
        </h3>
        {shown !== null && (
          <>
            <Choice
              label={words.encoding(name)}
              options={options}
              chosen={encoding}
              onChoose={setWanted}
            />
            <CopyButton text={shown} label={words.copyOf(name)} />
          </>
        )}
      </header>
      {shown === null ? (
        <p class="quiet">{words.nothing}</p>
      ) : (
        <pre class="foreign" tabIndex={0}>
          {shown}
        </pre>
      )}
      {bytes?.isCut === true && <p class="quiet">{words.isCut}</p>}
    </section>
  );
}

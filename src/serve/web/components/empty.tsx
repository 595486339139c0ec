import { Sentence } from './sentence.js';
import { Command } from './copy.js';

interface EmptyProps {
  readonly text: string;
  /** What to run next. */
  readonly command?: string;
}

/** In place of what is not there yet. */
export function Empty({ text, command }: EmptyProps) {
  return (
    <div class="empty">
      <p>
        <Sentence text={text} />
      </p>
      {command !== undefined && <Command command={command} />}
    </div>
  );
}

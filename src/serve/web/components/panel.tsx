import type { ComponentChildren } from 'preact';
import type { Failure, Part } from '../../console/wire/part.js';
import { useKnown, usePage } from '../page.js';
import { FailureNote } from './failure-note.js';

interface FrameProps {
  /** Names the section, for links and shortcuts. */
  readonly id: string;
  readonly title: string;
  /** When what it shows was read; null: nothing is shown yet. */
  readonly asOfMs?: number | null | undefined;
  readonly failure?: Failure | null | undefined;
  /** Beside the title. */
  readonly tools?: ComponentChildren;
  readonly children: ComponentChildren;
}

/** A section with a title; grey while what it shows may be old. */
export function PanelFrame({ id, title, asOfMs, failure, tools, children }: FrameProps) {
  const { words, clock } = usePage();
  const stream = useKnown('stream');
  const isOld = stream !== 'live' || (failure ?? null) !== null;
  return (
    <section id={id} class="panel" tabIndex={-1} aria-labelledby={`${id}-title`}>
      <header class="panel-head">
        <h2 id={`${id}-title`}>{title}</h2>
        <div class="panel-tools">{tools}</div>
        {typeof asOfMs === 'number' && (
          <span class="as-of" data-old={isOld}>
            {words.shell.asOf(clock.time(asOfMs))}
          </span>
        )}
      </header>
      {failure !== null && failure !== undefined && <FailureNote failure={failure} />}
      <div class="panel-body" data-old={isOld}>
        {children}
      </div>
    </section>
  );
}

interface PanelProps<Data> extends Omit<FrameProps, 'asOfMs' | 'failure' | 'children'> {
  /** Undefined: the server has not sent it yet. */
  readonly part: Part<Data> | undefined;
  readonly children: (data: Data) => ComponentChildren;
}

/** A panel of a part that is read by itself: says why it can't be read, and goes on showing what was read last. */
export function Panel<Data>({ part, children, ...frame }: PanelProps<Data>) {
  const { shell } = usePage().words;
  const data = part?.data ?? null;
  return (
    <PanelFrame {...frame} asOfMs={part?.asOfMs} failure={part?.failure}>
      {data !== null && children(data)}
      {data === null && (part?.failure ?? null) === null && <p class="empty">{shell.reading}</p>}
    </PanelFrame>
  );
}

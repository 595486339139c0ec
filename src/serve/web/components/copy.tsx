import { useEffect, useState } from 'preact/hooks';
import { usePage } from '../page.js';

const SHOWN_MS = 2000;

interface CopyProps {
  readonly text: string;
  /** What is copied, for those who can't see it. */
  readonly label: string;
}

/** Copies a text; says so for a moment. */
export function CopyButton({ text, label }: CopyProps) {
  const { shell } = usePage().words;
  const [isCopied, setCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setCopied(false), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [isCopied]);
  return (
    <button
      type="button"
      class="button small"
      aria-label={label}
      onClick={() => void copy(text).then(setCopied)}
    >
      <span aria-live="polite">{isCopied ? shell.copied : shell.copy}</span>
    </button>
  );
}

/** A command to paste into a terminal. */
export function Command({ command }: { readonly command: string }) {
  const { shell } = usePage().words;
  return (
    <span class="command">
      <code>{command}</code>
      <CopyButton text={command} label={shell.copyCommand(command)} />
    </span>
  );
}

/** False where the browser refuses. Plain http beyond localhost has no clipboard API: there, the old way. */
async function copy(text: string): Promise<boolean> {
  // The types claim that it is always there.
  const clipboard = navigator.clipboard as Clipboard | undefined;
  if (clipboard === undefined) return copyBySelection(text);
  return clipboard.writeText(text).then(
    () => true,
    () => copyBySelection(text),
  );
}

function copyBySelection(text: string): boolean {
  const area = document.createElement('textarea');
  area.value = text;
  area.className = 'visually-hidden';
  const focused = document.activeElement;
  document.body.append(area);
  area.select();
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- Nothing else works without https.
  const isCopied = document.execCommand('copy');
  area.remove();
  if (focused instanceof HTMLElement) focused.focus();
  return isCopied;
}

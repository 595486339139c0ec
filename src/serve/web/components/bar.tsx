import type { Tone } from '../tone.js';

interface BarProps {
  /** 0 to 1; what is beyond is cut. */
  readonly share: number;
  /** For those who can't see it, e.g. "120 of 500 left"; empty where a text beside it says so. */
  readonly label: string;
  readonly tone?: Tone | 'accent';
}

/** A share of a whole. */
export function Bar({ share, label, tone = 'accent' }: BarProps) {
  const width = `${String(Math.max(0, Math.min(share, 1)) * 100)}%`;
  const described =
    label === ''
      ? ({ 'aria-hidden': true } as const)
      : ({ role: 'img', 'aria-label': label } as const);
  return (
    <span class="bar" {...described} data-tone={tone}>
      <span style={{ width }} />
    </span>
  );
}

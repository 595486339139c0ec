import type { ComponentChildren } from 'preact';
import type { Tone } from '../tone.js';

interface BadgeProps {
  readonly tone?: Tone;
  readonly title?: string;
  readonly children: ComponentChildren;
}

/** A word or two about a state. The word says it; the colour only helps. */
export function Badge({ tone = 'neutral', title, children }: BadgeProps) {
  return (
    <span class="badge" data-tone={tone} title={title}>
      {children}
    </span>
  );
}

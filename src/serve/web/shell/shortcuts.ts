/** Keys that go somewhere. A key that is typed into a field, or pressed with Ctrl, Alt or Meta, is none. */
import type { Words } from '../language/en/words.js';

export interface Shortcut {
  /** One key, or two one after the other. */
  readonly keys: string;
  readonly name: keyof Words['shell']['shortcutsOf'];
  /** The id of what gets the focus; null: the help opens. */
  readonly target: string | null;
}

export const SHORTCUTS: readonly Shortcut[] = [
  { keys: 'g v', name: 'verdict', target: 'verdict' },
  { keys: 'g h', name: 'charts', target: 'charts' },
  { keys: 'g c', name: 'campaigns', target: 'campaigns' },
  { keys: 'g p', name: 'partitions', target: 'partitions' },
  { keys: 'g d', name: 'letters', target: 'letters' },
  { keys: '/', name: 'find', target: 'find-coupon' },
  { keys: '?', name: 'help', target: null },
];

/** The shortcut that `key` completes, if any, and what was typed towards one so far. */
export function typed(
  before: string,
  key: string,
): { readonly shortcut: Shortcut | null; readonly typed: string } {
  const keys = [`${before} ${key}`.trim(), key];
  const shortcut = SHORTCUTS.find((each) => keys.includes(each.keys)) ?? null;
  const isStart = SHORTCUTS.some((each) => each.keys.startsWith(`${key} `));
  return { shortcut, typed: shortcut === null && isStart ? key : '' };
}

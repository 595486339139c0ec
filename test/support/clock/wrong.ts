import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { temporaryDir } from '../temporary-dir.js';

/** The environment of a process whose clock is wrong by so much. */
export function wrongClock(aheadMs: number): Readonly<Record<string, string>> {
  const path = join(temporaryDir(), 'wrong-clock.mjs');
  writeFileSync(
    path,
    `const RightDate = Date;
const now = () => RightDate.now() + ${String(aheadMs)};
globalThis.Date = class extends RightDate {
  static now = now;
  constructor(...given) {
    super(...(given.length === 0 ? [now()] : given));
  }
};
`,
  );
  return { NODE_OPTIONS: `--import=${pathToFileURL(path).href}` };
}

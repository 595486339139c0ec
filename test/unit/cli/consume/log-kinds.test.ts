import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { ConsumeEvent } from '../../../../src/consume/events.js';

const page = readFileSync(new URL('../../../../docs/metrics.md', import.meta.url), 'utf8');

const KINDS: Readonly<Record<ConsumeEvent['kind'], null>> = {
  ...{ joined: null, left: null, assigned: null, applied: null, retry: null },
  ...{ 'dead-letter': null, fenced: null, 'records-lost': null, outage: null, recovered: null },
  ...{ 'transaction-open': null, stopping: null },
};

it('docs/metrics.md has each kind of line of the log', () => {
  const [section = ''] = page.split('\n## The log\n').at(1)?.split('\n## ') ?? [];
  const [, ...kinds] = [...section.matchAll(/^\| `([a-z-]+)` +\| /gm)].map(([, kind]) => kind);
  expect(kinds.sort()).toEqual(Object.keys(KINDS).sort());
});

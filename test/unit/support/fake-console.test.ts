import { expect, test } from 'vitest';
import type { ViewerEvent } from '../../../src/serve/console/console.js';
import { scriptedLetters } from '../../support/console/letters.js';
import { hostile } from '../../support/console/scenarios.js';
import { FakeConsole } from '../../support/console/fake-console.js';

test('pages of letters neither repeat nor skip one', async () => {
  const console = new FakeConsole({ letters: scriptedLetters(250) });
  const offsets: string[] = [];
  let before: string | null = null;
  do {
    const page = await console.letters({ filter: {}, before, limit: 100 });
    offsets.push(...page.letters.map(({ offset }) => offset));
    before = page.next;
  } while (before !== null);
  expect(offsets).toEqual(Array.from({ length: 250 }, (_, index) => String(249 - index)));
});

test('a replay is planned, confirmed, sent and decided, tick by tick', async () => {
  const console = new FakeConsole();
  const { id, plan } = await console.planReplay({ reason: 'PROCESSING_FAILED' });
  expect(plan?.replayable).toBeGreaterThan(0);
  console.confirmReplay(id);
  const phases = new Set<string | undefined>();
  for (let second = 0; second < 10; second += 1) {
    phases.add(console.known.replay?.phase);
    console.tick();
  }
  expect([...phases]).toEqual(['sending', 'deciding', 'done']);
  expect(console.known.replay).toMatchObject({ replayed: plan?.replayable });
});

test('a viewer is told all that is known, and then what changes', () => {
  const console = new FakeConsole(hostile());
  const events: ViewerEvent[] = [];
  const leave = console.view((event) => events.push(event));
  expect(events.map(({ name }) => name)).toEqual(
    'site history group campaigns letters advice audit replay beat'.split(' '),
  );
  events.length = 0;
  console.set('group', { totalLag: 5 });
  expect(events.map(({ name }) => name)).toEqual(['group']);
  leave();
  console.tick();
  expect(events).toHaveLength(1);
});

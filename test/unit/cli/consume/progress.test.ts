import { describe, expect, it } from 'vitest';
import { ConsumeProgress, type ProgressStyle } from '../../../../src/cli/consume/progress.js';
import type { ConsumeEvent } from '../../../../src/consume/events.js';
import { Output } from '../../../../src/output/output.js';
import { OutputStream } from '../../../../src/output/stream.js';
import { FakeStream } from '../../../support/command-line/fake-stream.js';
import { VirtualClock } from '../../../support/clock/virtual.js';

interface Line {
  readonly records: number;
  readonly perSecond: number | null;
  readonly lag: number | null;
}

function applied(records: number): ConsumeEvent {
  const outcomes = { ISSUED: records };
  return {
    kind: 'applied',
    partition: 0,
    firstOffset: 0n,
    nextOffset: BigInt(records),
    records,
    outcomes,
    repeated: 0,
  };
}

async function started(askLag: () => Promise<bigint>, style: ProgressStyle = 'json') {
  const clock = new VirtualClock();
  const stdout = new FakeStream();
  const stderr = new FakeStream();
  const output = new Output({
    format: 'json',
    color: false,
    quiet: true,
    verbose: false,
    stdout: new OutputStream(stdout, null),
    stderr: new OutputStream(stderr, null),
  });
  const logged: string[] = [];
  const log = {
    isOnStderr: false,
    info: (line: string) => logged.push(`INFO ${line}`),
    warn: (line: string) => logged.push(`WARN ${line}`),
    close: () => Promise.resolve(),
  };
  const progress = await ConsumeProgress.start({ output, clock }, style, log, askLag);
  const pass = (ms: number) => clock.run(clock.wait(ms));
  const lines = () =>
    stdout.text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Line);
  return { progress, clock, pass, lines, stderr, logged };
}

const never = () => new Promise<bigint>(() => undefined);

it('a progress line counts dead letters, repeats and retries', async () => {
  const { progress, pass, lines } = await started(never);
  const position = { topic: 't', partition: 0, offset: 3n };
  const place = { position, couponId: null, traceparent: null, reason: 'the store is locked' };
  progress.on({ kind: 'retry', ...place, retry: 1, retries: 3, delayMs: 1000 });
  progress.on({ ...applied(5), outcomes: { DEAD_LETTERED: 2 }, repeated: 3 } as ConsumeEvent);
  await pass(2000);
  progress.stop();
  const [line] = lines();
  expect(line).toMatchObject({ records: 5, repeated: 3, retries: 1 });
  expect(line).toMatchObject({ outcomes: { DEAD_LETTERED: 2, ISSUED: 0 } });
});

it('a progress line names what does not work, for as long as it does not', async () => {
  const { progress, pass, lines } = await started(never);
  const what = 'the group coordinator';
  progress.on({ kind: 'outage', what, lastedMs: 0, reason: 'it does not answer' });
  await pass(5000);
  progress.on({ kind: 'recovered', what, of: 'broker', afterMs: 5000 });
  await pass(5000);
  progress.stop();
  expect(lines().at(0)).toMatchObject({ outages: [what] });
  expect(lines().at(-1)).toMatchObject({ outages: [] });
});

describe('the lag of a progress line', () => {
  it('is what the broker answers', async () => {
    const { progress, pass, lines } = await started(() => Promise.resolve(7n));
    progress.on(applied(30));
    await pass(2500);
    progress.stop();
    expect(lines()).toMatchObject([
      { records: 30, perSecond: 30, lag: 7 },
      { records: 30, perSecond: 0, lag: 7 },
    ]);
  });

  it('is null where no broker answers, and one question is open at a time', async () => {
    let questions = 0;
    const { progress, pass, lines } = await started(() => {
      questions += 1;
      return questions === 1 ? Promise.resolve(0n) : never();
    });
    await pass(10_500);
    progress.stop();
    expect(questions).toBe(2);
    expect(lines().map(({ lag }) => lag)).toEqual([0, 0, 0, ...Array<null>(7).fill(null)]);
  });

  it('is null where the question fails, and known again after that', async () => {
    let isAway = true;
    const { progress, pass, lines } = await started(() =>
      isAway ? Promise.reject(new Error('No broker answers.')) : Promise.resolve(3n),
    );
    await pass(1500);
    isAway = false;
    await pass(1000);
    progress.stop();
    expect(lines().map(({ lag }) => lag)).toEqual([null, 3]);
  });
});

it('no line comes after the end, also where a tick waits for the lag', async () => {
  const { progress, clock, lines } = await started(() => clock.wait(600).then(() => 5n));
  await clock.run(clock.wait(1100));
  progress.stop();
  await clock.run(clock.wait(5000));
  expect(lines()).toEqual([]);
});

it('a rate is a number, also where the clock was set back', async () => {
  const answers: (() => void)[] = [];
  const { progress, clock, pass, lines } = await started(
    () => new Promise((resolve) => answers.push(() => resolve(1n))),
  );
  progress.on(applied(5));
  await pass(1000);
  const later = clock.now;
  Object.assign(clock, { now: () => later() - 3_600_000 });
  answers[0]?.();
  await pass(1000);
  progress.stop();
  expect(lines().every(({ perSecond }) => perSecond !== null && perSecond >= 0)).toBe(true);
  expect(lines().length).toBeGreaterThan(0);
});

describe('an outage', () => {
  const outage = {
    kind: 'outage',
    what: 'the broker',
    attempt: 1,
    delayMs: 500,
    lastedMs: 0,
    reason: 'gone',
  } as ConsumeEvent;

  it('is a warning, and so is a line when it is over, also with --quiet and in the log', async () => {
    const { progress, stderr, logged } = await started(never, 'none');
    progress.on(outage);
    progress.on({ kind: 'recovered', what: 'the broker', of: 'broker', afterMs: 37_000 });
    progress.stop();
    expect(stderr.text.split('\n')).toEqual([
      expect.stringMatching(/^warning: the broker .*gone$/),
      expect.stringMatching(/^the broker works again,? after 37 s$/),
      '',
    ]);
    expect(logged).toEqual([
      expect.stringMatching(/^WARN the broker/),
      expect.stringMatching(/^INFO the broker works again/),
    ]);
  });
});

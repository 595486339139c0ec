import { describe, expect, it } from 'vitest';
import { configPath, writeConfig } from '../../../../src/config/config-file.js';
import { Confirmation, type Consent } from '../../../../src/cli/confirm/confirmation.js';
import type { Target } from '../../../../src/cli/confirm/target.js';
import { Output } from '../../../../src/output/output.js';
import { CommandServices } from '../../../support/command-line/command-services.js';
import { FakeStream } from '../../../support/command-line/fake-stream.js';
import { MemoryCluster } from '../../../support/memory/cluster.js';
import { temporaryDir } from '../../../support/temporary-dir.js';

const env = { XDG_CONFIG_HOME: temporaryDir() };
writeConfig(configPath(env), {
  current: null,
  contexts: new Map([
    ['sale', { brokers: 'broker:9092', protected: true }],
    ['test', { brokers: 'test:9092' }],
  ]),
});

interface Situation {
  readonly contextName?: string | null;
  readonly confirmedContext?: string | null;
  readonly quiet?: boolean;
  readonly brokers?: readonly string[];
  /** What is typed; null: there is no terminal. */
  readonly answer?: string | null;
}

function asked(situation: Situation) {
  const { contextName = null, confirmedContext = null, quiet = false, answer = null } = situation;
  const ofContext = contextName === 'sale' ? ['broker:9092'] : ['test:9092'];
  const { brokers = ofContext } = situation;
  const { options } = new CommandServices(new MemoryCluster(), {
    ...{ contextName, confirmedContext, quiet, brokers },
  });
  const [stdout, stderr] = [new FakeStream(), new FakeStream()];
  const output = new Output({ ...options, stdout: sink(stdout), stderr: sink(stderr) });
  const questions: string[] = [];
  const asking = {
    canAsk: answer !== null,
    answerTo: (question: string) => {
      questions.push(question);
      return Promise.resolve(answer ?? '');
    },
  };
  const identify = (target: Target) =>
    Promise.resolve({ ...target, clusterId: target.topics === undefined ? null : 'MkU3' });
  const confirmation = new Confirmation(options, output, asking, identify, env);
  return { confirmation, questions, said: () => stderr.text };
}

const sink = (stream: FakeStream) => ({
  write: (text: string) => stream.write(text, () => undefined),
});

const question = {
  text: 'Delete 3 dead letters',
  target: { topics: ['coupon-issue-dlq'] },
  hasDryRun: true,
};
const ask = async (situation: Situation, consent: Consent = {}) => {
  const { confirmation, ...seen } = asked(situation);
  await confirmation.ask(question, consent);
  return seen;
};
const announce = async (situation: Situation) => {
  const { confirmation, ...seen } = asked(situation);
  await confirmation.announce({ store: true });
  return seen;
};

const TEST = 'context test: cluster test:9092 (id MkU3), topic coupon-issue-dlq\n';
const NOT_CONFIRMED = { code: 'NOT_CONFIRMED', exitCode: 1 };
const USAGE = { code: 'USAGE', exitCode: 2 };

describe('a question', () => {
  it('names context, cluster and topic, also with --quiet', async () => {
    const { questions, said } = await ask({ contextName: 'test', answer: 'y', quiet: true });
    expect(said()).toBe(TEST);
    expect(questions).toEqual(['Delete 3 dead letters? [y/N] ']);
  });

  it.each(['n', '', 'yep', 'nope'])('answered with %j is exit code 1', async (answer) => {
    await expect(ask({ answer })).rejects.toMatchObject(NOT_CONFIRMED);
  });

  it('is not asked with --yes, and the line is said all the same', async () => {
    const { questions, said } = await ask({ contextName: 'test', answer: 'n' }, { yes: true });
    expect([questions, said()]).toEqual([[], TEST]);
  });

  it('needs --yes where there is no terminal', async () => {
    await expect(ask({})).rejects.toMatchObject({
      ...USAGE,
      hint: 'Give --yes, or --dry-run to look first.',
    });
    expect((await ask({}, { yes: true })).said()).toContain('no context: ');
  });

  it('before a copy of the store is replaced needs no name: the store stays as it is', async () => {
    const { confirmation, questions, said } = asked({ contextName: 'sale', answer: 'y' });
    const target = { store: true, copyTo: '/backups/monday.db' } as const;
    await confirmation.ask({ ...question, text: 'Replace it', target }, {});
    expect(said()).toBe('context sale: store /nowhere/coupons.db, to /backups/monday.db\n');
    expect(questions).toEqual(['Replace it? [y/N] ']);
  });
});

describe('a protected context', () => {
  const sale = { contextName: 'sale' };

  it.each([{}, { yes: true }])('needs its name typed, given %j', async (consent) => {
    const { questions, said } = await ask({ ...sale, answer: ' sale ' }, consent);
    expect(said()).toBe(
      'context sale: cluster broker:9092 (id MkU3), topic coupon-issue-dlq\nDelete 3 dead letters?\n',
    );
    expect(questions).toEqual(['Context sale is protected. Type its name to go on: ']);
    await expect(ask({ ...sale, answer: 'y' }, consent)).rejects.toMatchObject(NOT_CONFIRMED);
  });

  it('that is reached without being in use is named as what it is', async () => {
    const { confirmation, questions } = asked({ brokers: ['broker:9092'], answer: 'sale' });
    await confirmation.ask(question, {});
    expect(questions).toEqual([
      'This is of context sale, which is protected. Type its name to go on: ',
    ]);
  });

  it('needs --confirm-context beside --yes where there is no terminal', async () => {
    await expect(ask(sale)).rejects.toMatchObject({
      ...USAGE,
      hint: 'Give --yes and --confirm-context sale, or --dry-run to look first.',
    });
    await expect(ask(sale, { yes: true })).rejects.toMatchObject({
      ...USAGE,
      hint: 'Give --confirm-context sale.',
    });
    const confirmed = { ...sale, confirmedContext: 'sale' };
    await expect(ask(confirmed)).rejects.toMatchObject(USAGE);
    await ask(confirmed, { yes: true });
  });

  it('asks as ever where --confirm-context stands for its name', async () => {
    const { questions } = await ask({ ...sale, confirmedContext: 'sale', answer: 'y' });
    expect(questions).toEqual(['Delete 3 dead letters? [y/N] ']);
  });

  it('also needs its name for a change that is not asked about elsewhere', async () => {
    const { questions, said } = await announce({ ...sale, answer: 'sale' });
    expect(said()).toBe('context sale: store /nowhere/coupons.db\n');
    expect(questions).toEqual(['Context sale is protected. Type its name to go on: ']);
    await expect(announce({ ...sale, answer: '' })).rejects.toMatchObject(NOT_CONFIRMED);
    await expect(announce(sale)).rejects.toMatchObject(USAGE);
    await announce({ ...sale, confirmedContext: 'sale' });
    expect((await announce({ contextName: 'test' })).questions).toEqual([]);
  });
});

describe('--confirm-context', () => {
  it.each([
    ['sale', 'test', 'this would use context test'],
    ['default', 'test', 'this would use context test'],
    ['test', null, 'this would use no context'],
  ])('%s is refused in context %s', async (confirmedContext, contextName, why) => {
    const refused = ask({ contextName, confirmedContext, answer: 'y' }, { yes: true });
    await expect(refused).rejects.toMatchObject(USAGE);
    await expect(refused).rejects.toThrow(why);
  });

  it('default is no context', async () => {
    await ask({ confirmedContext: 'default' }, { yes: true });
  });
});

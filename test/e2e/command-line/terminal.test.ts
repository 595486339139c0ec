import { createServer, type AddressInfo, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DLQ_TOPIC, REQUEST_TOPIC } from '../../../src/coupon/topics.js';
import * as contract from '../../support/json-contract/contract.js';
import { eventually } from '../../support/eventually.js';
import { usePipeline } from '../../support/pipeline.js';
import { request } from '../../support/requests.js';
import {
  couponsAsJob,
  couponsInShell,
  couponsOn,
  keys,
  type Terminal,
} from '../../support/command-line/terminal.js';

const LONG_GROUP = 'coupon-issue-group-of-the-nightly-campaign-reconciliation-eu-west-1';
const LONG_TOPIC = 'partner-settlement-events-of-the-nightly-reconciliation-in-eu-west-1';
const FIRST_USER = 1_700_000_000_000;
const NAME = '블랙프라이데이 선착순 쿠폰 50% 할인, 앱 전용 (second wave of the winter sale)';
const FAILURE = `쿠폰 발급에 실패했습니다: ${'the partner service did not answer within its deadline; '.repeat(5)}`;

const COLOUR = /\p{Control}\[[\d;]*m/u;
const ESCAPE = '\u001b';
const SPINNER = /[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]/;

const pipeline = usePipeline();
/** Takes connections, and never says a word. */
let silent: Server;

beforeAll(async () => {
  silent = createServer().listen(0, '127.0.0.1');
  await pipeline.reset();
  await pipeline.admin.createTopics({
    topics: [{ topic: LONG_TOPIC, numPartitions: 2, replicationFactor: 1 }],
  });
  await pipeline.run(['campaigns', 'create', '1', '--stock', '50', '--name', NAME]);
  for (const [couponId, stock] of [
    ['2', '5'],
    ['123456789012345', '12345678'],
  ] as const) {
    await pipeline.run([
      ...['campaigns', 'create', couponId, '--stock', stock, '--name', NAME],
      ...['--valid-from', '2026-01-01T09:00:00Z', '--valid-until', '2027-01-01T09:00:00Z'],
    ]);
  }
  await pipeline.send(Array.from({ length: 40 }, (_unused, user) => request(1, FIRST_USER + user)));
  await pipeline.send([{ key: '1', value: '{"eventId"' }]);
  await pipeline.send([deadLetter()], DLQ_TOPIC);
  await pipeline.run(['consume', '--until-drained', '--mode', 'batch']);
  await pipeline.send(Array.from({ length: 30 }, (_unused, user) => request(2, FIRST_USER + user)));
});
afterAll(async () => {
  silent.close();
  await pipeline.admin.deleteTopics({ topics: [LONG_TOPIC] });
});

/** One that can be replayed, with a reason and a trace that are longer than any terminal. */
function deadLetter() {
  const { value } = request(1, FIRST_USER + 900);
  const letter = {
    originalEvent: JSON.parse(value.toString()) as unknown,
    failureReason: FAILURE,
    retryCount: 3,
    lastAttemptAt: '2026-01-01T00:00:00Z',
    stackTrace: `Error: ${FAILURE}\n    at issue (${'node_modules/partner/'.repeat(8)}index.js:1:1)`,
  };
  return { key: '1', value: JSON.stringify(letter), headers: { 'coupon-dlq-reason': 'FAILED' } };
}

const env = (more: Readonly<Record<string, string>> = {}) => ({
  COUPONS_BROKERS: pipeline.brokers,
  COUPONS_DATA_DIR: pipeline.dataDir,
  ...more,
});
const silentBroker = () => `127.0.0.1:${String((silent.address() as AddressInfo).port)}`;
const tablesOn = (terminal: Terminal) =>
  terminal.history.filter((line) => line.startsWith('PARTITION')).length;

/** Every command that prints for people; each is started once a width. */
const COMMANDS: readonly (readonly string[])[] = [
  ['lag'],
  ['lag', '--group', LONG_GROUP],
  ['lag', '--topic', LONG_TOPIC],
  ['lag', '--brokers', '127.0.0.1:1'],
  ['topics', 'list'],
  ['topics', 'describe'],
  ['topics', 'create', '--profile', 'production', '--dry-run'],
  ['topics', 'alter', REQUEST_TOPIC, '--partitions', '6', '--dry-run'],
  ['topics', 'alter', LONG_TOPIC, '--partitions', '6', '--dry-run', '--group', LONG_GROUP],
  ['dlq', 'count'],
  ['dlq', 'peek'],
  ['dlq', 'show', '0:0'],
  ['dlq', 'stats'],
  ['dlq', 'replay', '--dry-run'],
  ['dlq', 'purge', '--before', '1', '--dry-run'],
  ['campaigns', 'list'],
  ['campaigns', 'show', '1'],
  ['issued', 'list'],
  ['issued', 'show', '--coupon', '1', '--user', String(FIRST_USER)],
  ['audit', '--group', LONG_GROUP],
  ['doctor'],
  ['advise', '--observe', '1', '--group', LONG_GROUP],
  ['context', 'show'],
  ['broker', 'status'],
  ['produce', '--coupon', '1', '--count', '3', '--first-user', String(FIRST_USER)],
  ['consume', '--until-drained', '--concurrency', '4', '--group', LONG_GROUP, '--yes'],
];
/** At a time: each is a process, and a connection. */
const AT_ONCE = 4;

describe.each([80, 120])('on a terminal of %d columns', (columns) => {
  it('no command prints a line that is longer', async () => {
    const tooLong: string[] = [];
    for (let from = 0; from < COMMANDS.length; from += AT_ONCE) {
      await Promise.all(
        COMMANDS.slice(from, from + AT_ONCE).map(async (args) => {
          const terminal = couponsOn(args, { env: env(), columns });
          const code = await terminal.exit();
          for (const line of terminal.wrapped) tooLong.push(`${args.join(' ')}: ${line}`);
          expect.soft([0, 3, 4], `${args.join(' ')}: ${terminal.raw}`).toContain(code);
          expect.soft(terminal.history, args.join(' ')).not.toEqual([]);
        }),
      );
    }
    expect(tooLong).toEqual([]);
  });
});

it.each([40, 200])('on a terminal of %d columns everything is there', async (columns) => {
  const [lag, campaigns, letters] = [['lag'], ['campaigns', 'list'], ['dlq', 'peek']].map((args) =>
    couponsOn(args, { env: env(), columns, rows: 60 }),
  );
  expect([await lag?.exit(), await campaigns?.exit(), await letters?.exit()]).toEqual([0, 0, 0]);
  expect(lag?.raw).toContain('STOPPED');
  expect(campaigns?.raw).toContain('블랙프');
  expect(letters?.raw).toContain('FAILED');
});

describe('lag --watch', () => {
  const watch = ['lag', '--watch', '--interval', '0.2'];
  const framesOf = ({ raw }: Terminal) => raw.split('\u001b[H').length - 1;

  it('draws over what it drew, and leaves its last state behind', async () => {
    const terminal = couponsInShell(watch, { env: env() });
    await terminal.waitFor(() => framesOf(terminal) > 4);
    expect(terminal.isAlternate).toBe(true);
    expect(terminal.isCursorVisible).toBe(false);
    expect(tablesOn(terminal)).toBe(1);
    expect(terminal.history).toEqual(terminal.screen);

    terminal.resize(40, 14);
    const frames = framesOf(terminal);
    await terminal.waitFor(() => framesOf(terminal) > frames + 2);
    expect(tablesOn(terminal)).toBe(1);
    expect(terminal.screen[0]).toMatch(/^coupon-issue-group/);
    expect(terminal.screen.at(-1)).toMatch(/ctrl-C ends$/);

    terminal.resize(80, 24);
    await terminal.waitFor(/^coupon-issue-group .* lag \d+ /m);
    terminal.type(keys.ctrlC);
    expect(await terminal.exit()).toBe(0);
    expectRestored(terminal, 0);
    expect(tablesOn(terminal)).toBe(1);
    expect(terminal.history.join('\n')).toMatch(/coupon-issue-group .* lag \d+/);
    expect(terminal.wrapped).toEqual(new Set());
  });

  it('fits a terminal that changes its size at once, not at the next look', async () => {
    const terminal = couponsOn(['lag', '--watch', '--interval', '600'], { env: env() });
    await terminal.waitFor(() => framesOf(terminal) === 1);
    terminal.resize(40, 14);
    await terminal.waitFor(() => framesOf(terminal) === 2);
    terminal.type(keys.ctrlC);
    expect(await terminal.exit()).toBe(0);
  });
});

it.each([
  ['lag --watch', 0],
  ['consume', 0],
  ['produce --coupon 1', 130],
  ['dlq peek --follow', 130],
])('%s can be ended before the broker has answered', async (command, code) => {
  const connected = new Promise((resolve) => silent.once('connection', resolve));
  const args = [...command.split(' '), '--brokers', silentBroker()];
  const terminal = couponsInShell(args, { env: env() });
  await connected;
  terminal.type(keys.ctrlC);
  await terminal.exit();
  expectRestored(terminal, code);
});

/** The shell has its terminal as it was: it echoes, takes lines, and shows its cursor. */
function expectRestored(terminal: Terminal, code: number): void {
  const shown = terminal.history.join('\n');
  expect(shown).toMatch(new RegExp(`^(\\^C)?left ${String(code)}$`, 'm'));
  for (const mode of ['echo', 'icanon', 'isig', 'icrnl', 'opost']) {
    expect(shown).toMatch(new RegExp(`(^|\\s)${mode}(\\s|;|$)`));
  }
  expect(terminal.isCursorVisible).toBe(true);
  expect(terminal.isAlternate).toBe(false);
  expect(terminal.isColourReset).toBe(true);
  expect(shown).not.toMatch(SPINNER);
}

describe('ctrl-C gives the terminal back', () => {
  it.each<readonly [string, readonly string[], RegExp, number]>([
    ['while lag waits', ['lag', '--wait', '--timeout', '60'], /STOPPED/, 130],
    ['at the question of a purge', ['dlq', 'purge', '--before', '1'], /\[y\/N\]/, 130],
    [
      'at the question of a replay',
      ['dlq', 'replay', '--include-rejected'],
      /to topic .*WOULD REPLAY.*Replay .* \[y\/N\]/s,
      130,
    ],
    [
      'at the question of new partitions',
      ['topics', 'alter', REQUEST_TOPIC, '--partitions', '6'],
      /Raise .* \[y\/N\]/s,
      130,
    ],
    [
      'while requests are sent',
      ['produce', '--coupon', '2', '--count', '100000', '--rate', '20'],
      / of 100,000 acknowledged/,
      130,
    ],
    ['while coupons are issued', ['consume', '--group', LONG_GROUP, '--yes'], /\d records {2}/, 0],
    ['while dead letters are followed', ['dlq', 'peek', '--follow'], /ctrl-C ends/, 0],
    ['while a group is observed', ['advise', '--observe', '60'], /s left/, 130],
  ])('%s', async (_when, args, sign, code) => {
    const terminal = couponsInShell(args, { env: env() });
    await terminal.waitFor(sign);
    terminal.type(keys.ctrlC);
    await terminal.exit();
    expectRestored(terminal, code);
    expect(terminal.wrapped).toEqual(new Set());
  });

  it('while doctor asks a broker that does not answer', async () => {
    const terminal = couponsInShell(['doctor', '--brokers', silentBroker()], { env: env() });
    await terminal.waitFor(/asking 127/);
    terminal.type(keys.ctrlC);
    await terminal.exit();
    expectRestored(terminal, 130);
  });

  it('and nothing was done: ctrl-D at a question is a no as well', async () => {
    const terminal = couponsInShell(['dlq', 'purge', '--before', '1'], { env: env() });
    await terminal.waitFor(/\[y\/N\]/);
    terminal.type(keys.ctrlD);
    await terminal.exit();
    expectRestored(terminal, 130);
    expect((await pipeline.run(['dlq', 'show', '0:0'])).code).toBe(0);
  });
});

it('ctrl-Z at a question gives the terminal back, and fg shows the question with what was typed', async () => {
  const terminal = couponsAsJob(['dlq', 'purge', '--before', '1'], { env: env() });
  await terminal.waitFor(/\[y\/N\]$/);
  terminal.type('n');
  await terminal.waitFor(/\[y\/N\] n$/);
  terminal.type(keys.ctrlZ);
  await terminal.waitFor(/\secho\s[^]*stopped$/);
  terminal.type(keys.enter);
  await terminal.waitFor(/stopped[^]*\[y\/N\] n$/);
  terminal.type(`o${keys.enter}`);
  await terminal.exit();
  expectRestored(terminal, 1);
  expect(terminal.history.join('\n')).toContain('Not confirmed, so nothing was done.');
});

describe('SIGHUP', () => {
  it.each([
    ['lag --watch', /ctrl-C ends/, 0],
    [`consume --yes --group ${LONG_GROUP}`, /\d records {2}/, 0],
    ['lag --wait --group nobody --timeout 60', SPINNER, 130],
  ] as const)('gives the terminal back after %s', async (line, sign, code) => {
    const terminal = couponsInShell(line.split(' '), { env: env() });
    await terminal.waitFor(sign);
    terminal.signal('SIGHUP');
    await terminal.exit();
    expectRestored(terminal, code);
  });

  it('of a terminal that is closed ends consume gracefully: it leaves the group', async () => {
    const stops = () => pipeline.logFile().match(/stopped after/g)?.length ?? 0;
    const before = stops();
    const terminal = couponsOn(['consume', '--group', LONG_GROUP, '--yes'], { env: env() });
    await terminal.waitFor(/\d records {2}/);
    terminal.close();
    await eventually(() => stops() > before);
    const lag = await pipeline.json(contract.lag, ['lag', '--group', LONG_GROUP]);
    expect(lag.members).toBe(0);
  });
});

describe('colour', () => {
  const ends = async (args: readonly string[], more: Readonly<Record<string, string>> = {}) => {
    const terminal = couponsOn(args, { env: env(more) });
    await terminal.exit();
    return terminal;
  };
  const observe = ['advise', '--observe', '1'];

  it('is there on a terminal', async () => {
    expect((await ends(['lag'])).raw).toContain('\u001b[31mSTOPPED');
  });

  it.each<readonly [string, readonly string[], Readonly<Record<string, string>>]>([
    ['NO_COLOR', [], { NO_COLOR: '1' }],
    ['--no-color', ['--no-color'], {}],
  ])('is gone with %s, and the live line is not', async (_how, flags, more) => {
    const { raw } = await ends([...observe, ...flags], more);
    expect(raw).not.toMatch(COLOUR);
    expect(raw).toMatch(SPINNER);
    expect((await ends(['lag', '--brokers', '127.0.0.1:1', ...flags], more)).raw).not.toMatch(
      COLOUR,
    );
  });

  it('is gone from what the demo runs as well', async () => {
    const { raw } = await ends(['demo', '--requests', '1', '--stock', '1', '--no-color']);
    expect(raw).toContain('✔ audit PASS');
    expect(raw).not.toMatch(COLOUR);
  });

  it('is gone with TERM=dumb, as is every other escape code', async () => {
    const dumb = { TERM: 'dumb' };
    const observed = await ends(observe, dumb);
    expect(observed.raw).not.toContain(ESCAPE);
    expect(observed.raw).not.toContain('observing');
    const watch = couponsOn(['lag', '--watch', '--interval', '0.2'], { env: env(dumb) });
    await watch.waitFor(() => watch.raw.split('STOPPED').length > 3);
    watch.type(keys.ctrlC);
    expect(await watch.exit()).toBe(0);
    expect(watch.raw).not.toContain(ESCAPE);

    const purge = couponsOn(['dlq', 'purge', '--before', '1'], { env: env(dumb) });
    await purge.waitFor(/\[y\/N\]/);
    purge.type(`n${keys.enter}`);
    expect(await purge.exit()).toBe(1);
    expect(purge.history.at(-1)).toBe('error: Not confirmed, so nothing was done.');
    expect(purge.raw).not.toContain(ESCAPE);
  });

  it('is not in a pipe, nor is anything else that a terminal would take for a command', async () => {
    for (const args of [observe, ['lag'], ['dlq', 'stats'], ['doctor']]) {
      const { stdout, stderr } = await pipeline.run(args, { env: { FORCE_COLOR: '1' } });
      expect(stdout).not.toBe('');
      expect(stdout + stderr).not.toContain(ESCAPE);
    }
  });
});

import { describe, expect, it } from 'vitest';
import { UsageError } from '../../../../src/errors.js';
import type { GlobalOptions } from '../../../../src/cli/settings/options.js';
import { resolveOptions } from '../../../../src/cli/settings/settings.js';
import type { Command } from 'commander';
import { declaredProgram } from '../../../support/command-line/program.js';

interface Parsed {
  readonly program: Command;
  readonly command: string;
  readonly args: readonly unknown[];
  readonly options: Readonly<Record<string, unknown>>;
}

/**
 * What the program would run. The environment is the process's, for commander reads it there; what
 * the developer has set for coupons is left out of it.
 */
async function parse(argv: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Parsed> {
  const before = { ...process.env };
  for (const name of Object.keys(before)) {
    if (name.startsWith('COUPONS_')) Reflect.deleteProperty(process.env, name);
  }
  Object.assign(process.env, env);
  try {
    const program = declaredProgram();
    const seen: Parsed[] = [];
    for (const command of leaves(program)) {
      command.action((...given: unknown[]) => {
        seen.push({
          program,
          command: pathOf(command),
          args: given.slice(0, -2),
          options: command.optsWithGlobals(),
        });
      });
    }
    await program.parseAsync(['node', 'coupons', ...argv]);
    const [parsed] = seen;
    if (parsed === undefined) throw new Error('no command was run');
    return parsed;
  } finally {
    for (const name of Object.keys(env)) Reflect.deleteProperty(process.env, name);
    Object.assign(process.env, before);
  }
}

function leaves(command: Command): readonly Command[] {
  return command.commands.length === 0 ? [command] : command.commands.flatMap(leaves);
}

function pathOf(command: Command): string {
  const { parent } = command;
  return parent?.parent ? `${pathOf(parent)} ${command.name()}` : command.name();
}

async function refusal(argv: readonly string[]): Promise<UsageError> {
  const error: unknown = await parse(argv).catch((thrown: unknown) => thrown);
  expect(error, argv.join(' ')).toBeInstanceOf(UsageError);
  return error as UsageError;
}

async function global(
  argv: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<GlobalOptions> {
  const { program } = await parse(argv, env);
  return resolveOptions(program, { XDG_CONFIG_HOME: '/home/somebody/.config', ...env });
}

describe('a command line', () => {
  it.each<[string, Partial<Parsed>]>([
    ['consume', { options: expect.objectContaining({ mode: 'single', concurrency: 3 }) as never }],
    [
      'consume --mode batch --batch-size 500 --max-records 7 --until-drained',
      {
        options: expect.objectContaining({
          mode: 'batch',
          batchSize: 500,
          maxRecords: 7,
          untilDrained: true,
        }) as never,
      },
    ],
    [
      'produce --coupon 1 --count 10 --duplicates 5% --poison 0.5 --seed 0 --rate 2.5',
      {
        options: expect.objectContaining({
          coupon: 1,
          count: 10,
          duplicates: 5,
          poison: 0.5,
          seed: 0,
          rate: 2.5,
        }) as never,
      },
    ],
    ['topics describe a b', { command: 'topics describe', args: [['a', 'b']] }],
    ['campaigns show 7', { command: 'campaigns show', args: [7] }],
    ['campaigns create 7 --stock 0', { options: expect.objectContaining({ stock: 0 }) as never }],
    [
      'campaigns create 7 --stock 1 --valid-from 2026-12-24T18:00:00+01:00',
      { options: expect.objectContaining({ validFrom: Date.UTC(2026, 11, 24, 17) }) as never },
    ],
    ['lag --fail-above 0', { options: expect.objectContaining({ failAbove: 0 }) as never }],
  ])('coupons %s', async (line, expected) => {
    expect(await parse(line.split(' '))).toMatchObject(expected);
  });

  it.each(['1e3', '0', '-1', '1.5', 'NaN', '', ' 7', '0x10', '9007199254740993', 'Infinity', '１'])(
    'is refused where a count is "%s"',
    async (value) => {
      for (const argv of [
        ['consume', `--concurrency=${value}`],
        ['consume', `--batch-size=${value}`],
        ['consume', `--max-records=${value}`],
        ['produce', `--count=${value}`],
        ['produce', `--coupon=${value}`],
        ['topics', 'create', `--partitions=${value}`],
        ['campaigns', 'show', value],
      ]) {
        expect((await refusal(argv)).exitCode, argv.join(' ')).toBe(2);
      }
    },
  );

  it.each([
    ['consume', '--mode', 'quick'],
    ['produce', '--poison', '101'],
    ['produce', '--poison', '-1'],
    ['produce', '--rate', '0'],
    ['produce', '--seed', '4294967296'],
    ['campaigns', 'create', '1', '--stock', '1', '--valid-from', 'tomorrow'],
    ['campaigns', 'create', '1', '--stock', '1', '--valid-from', '2026-12-24T18:00:00'],
    ['campaigns', 'create', '1'],
    ['issued', 'show', '--coupon', '1'],
    ['issued', 'show', '--user', '0'],
    ['consume', '--timeout', '0'],
    ['lag', '--timeout', '2147484'],
    ['lag', '--interval', '999999999999'],
    ['consume', '--brokers', 'host:99999'],
    ['consume', '--brokers', 'a:1,,b:2'],
    ['consume', '--brokers', 'http://a:1'],
    ['consume', '-o', 'yaml'],
    ['consume', '--group', ''],
    ['consume', 'more'],
    ['consume', '--unheard-of'],
    ['--yes', 'lag'],
    ['--dry-run', 'lag'],
  ])('is refused: %s %s %s', async (...argv) => {
    await refusal(argv);
  });

  it('with an unknown command or option is answered with a suggestion', async () => {
    expect((await refusal(['consum'])).hint).toContain('Did you mean consume?');
    expect((await refusal(['topics', 'lst'])).hint).toContain('Did you mean list?');
    expect((await refusal(['consume', '--bach-size', '3'])).hint).toContain('--batch-size');
  });
});

describe('options of every command', () => {
  it('stand before or after the subcommand', async () => {
    for (const argv of [
      ['--brokers', 'a:1', '-o', 'json', 'topics', 'list'],
      ['topics', '--brokers', 'a:1', 'list', '-o', 'json'],
      ['topics', 'list', '--output', 'json', '--brokers=a:1'],
    ]) {
      expect(await global(argv), argv.join(' ')).toMatchObject({
        brokers: ['a:1'],
        format: 'json',
      });
    }
  });

  it('--yes and --dry-run, too', async () => {
    for (const argv of [
      ['--yes', '--dry-run', 'store', 'reset-offsets'],
      ['store', 'reset-offsets', '-y', '--dry-run'],
    ]) {
      expect((await parse(argv)).options).toMatchObject({ yes: true, dryRun: true });
    }
  });

  it('keep the store in the data dir', async () => {
    expect(await global(['lag', '--data-dir', '/d'])).toMatchObject({
      store: { name: '/d/coupons.db' },
    });
    expect(await global(['lag'], { XDG_DATA_HOME: '/x' })).toMatchObject({ dataDir: '/x/coupons' });
  });

  it('turn colour off by flag, NO_COLOR or TERM=dumb', async () => {
    expect((await global(['lag', '--no-color'])).color).toBe(false);
    expect((await global(['lag'], { NO_COLOR: '1' })).color).toBe(false);
    expect((await global(['lag'], { TERM: 'dumb' })).color).toBe(false);
    expect((await global(['lag'], { NO_COLOR: '', TERM: 'xterm' })).color).toBe(true);
  });
});

describe('help', () => {
  const everything = (command: Command): readonly Command[] => [
    command,
    ...command.commands.flatMap(everything),
  ];

  it.each(everything(declaredProgram()).map((command) => [command.name(), command] as const))(
    'of %s describes it and each of its options',
    (_name, command) => {
      expect(command.description()).not.toBe('');
      for (const option of command.options) expect(option.description, option.flags).not.toBe('');
    },
  );
});

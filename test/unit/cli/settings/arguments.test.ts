import { Command, InvalidArgumentError } from 'commander';
import { describe, expect, it, test } from 'vitest';
import {
  choiceOption,
  codeOf,
  duration,
  instant,
  instantOrAge,
  minutesUpTo,
} from '../../../../src/cli/arguments.js';

const DURATIONS: readonly [string, number][] = [
  ['90', 90],
  ['2.5', 2.5],
  ['0.2', 0.2],
  ['90s', 90],
  ['2.5s', 2.5],
  ['5m', 300],
  ['1h30m', 5400],
  ['2d', 172_800],
  ['1d2h3m4s', 93_784],
  ['2147483', 2_147_483],
];

const NO_DURATIONS = [
  ...['', '0', '0s', '-3', ' 5', '5 m', '1e3', '0x10', '5x', '5M', 'm', '.', '.5', '1..2'],
  ...['30m1h', '1h1h', '1h30', '25d', '2147484', '9'.repeat(400)],
];

describe('a duration', () => {
  test.each(DURATIONS)('%j is %j seconds', (text, seconds) => {
    expect(duration(text)).toBe(seconds);
  });

  test.each(NO_DURATIONS)('%j is refused, with how to write one', (text) => {
    expect(() => duration(text)).toThrow(
      'Give a number of seconds, or a duration such as 90s, 5m, 1h30m or 2d; above 0, up to 24 days.',
    );
  });
});

describe('a duration whose bare number is minutes', () => {
  test.each([
    ['30', 30],
    ['90s', 1.5],
    ['1h30m', 90],
    ['2d', 2880],
  ])('%j is %j minutes', (text, minutes) => {
    expect(minutesUpTo(2880)(text)).toBe(minutes);
  });

  test.each(['0', '59s', '2881', '3d', '1h30', '', 'x'])('%j is refused', (text) => {
    expect(() => minutesUpTo(2880)(text)).toThrow(/from 1 to 2880 minutes\.$/);
  });
});

describe('an age', () => {
  test.each([
    ['90s', 90_000],
    ['15m', 900_000],
    ['1h30m', 5_400_000],
    ['7d', 604_800_000],
  ])('%j is %j ms before now', (text, ageMs) => {
    const before = Date.now();
    const instantMs = instantOrAge(text);
    expect(instantMs).toBeGreaterThanOrEqual(before - ageMs);
    expect(instantMs).toBeLessThanOrEqual(Date.now() - ageMs);
  });

  test.each(['90', '30m1h', '2026-02-30', 'yesterday'])('%j is refused', (text) => {
    expect(() => instantOrAge(text)).toThrow('an age such as 90s, 15m, 1h30m or 7d');
  });
});

describe('an instant', () => {
  test.each([
    ['2026-12-24T18:00:00Z', '2026-12-24T18:00:00.000Z'],
    ['2026-12-24T18:00:00+09:00', '2026-12-24T09:00:00.000Z'],
    ['2026-12-24', '2026-12-24T00:00:00.000Z'],
    ['2026-12-24 18:00:00 UTC', '2026-12-24T18:00:00.000Z'],
    ['2026-12-24 18:00 UTC', '2026-12-24T18:00:00.000Z'],
    ['2026-12-24 18:00:00.123Z', '2026-12-24T18:00:00.123Z'],
  ])('%j is %s', (text, iso) => {
    expect(new Date(instant(text)).toISOString()).toBe(iso);
  });

  test.each([
    '2026-12-24 18:00:00',
    '2026-12-24T18:00',
    '2026-12-24 UTC',
    '2026-02-30',
    '18:00 UTC',
  ])('%j is refused', (text) => {
    expect(() => instant(text)).toThrow('with its zone, such as 2026-12-24T18:00:00Z');
  });
});

describe('a code', () => {
  const REASONS = ['MALFORMED_JSON', 'WRONG_TYPE'] as const;

  test.each(['MALFORMED_JSON', 'malformed_json', 'malformed-json', 'Malformed-JSON'])(
    '%s is MALFORMED_JSON',
    (text) => {
      expect(codeOf(REASONS)(text)).toBe('MALFORMED_JSON');
    },
  );

  test.each(['MALFORMED', 'malformed', ''])('%j is refused with what there is', (text) => {
    expect(() => codeOf(REASONS)(text)).toThrow(
      new InvalidArgumentError('Allowed choices are MALFORMED_JSON, WRONG_TYPE.'),
    );
  });

  it('that is nearly one is answered with that one', () => {
    expect(() => codeOf(REASONS)('malformed json')).toThrow(
      /^Did you mean MALFORMED_JSON\? Allowed/,
    );
  });

  it('is spelled with "-" where the known one is', () => {
    expect(codeOf(['scram-sha-256'])('SCRAM_SHA_256')).toBe('scram-sha-256');
  });

  it('given several times to a variadic option is collected', () => {
    const option = choiceOption('--reason <code...>', 'which', REASONS);
    const program = new Command().addOption(option);
    program.parse(['--reason', 'wrong-type', 'malformed-json'], { from: 'user' });
    expect(program.opts()).toEqual({ reason: ['WRONG_TYPE', 'MALFORMED_JSON'] });
    expect(option.argChoices).toEqual(REASONS);
  });
});

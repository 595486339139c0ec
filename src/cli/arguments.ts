/** Readers of option values. Each throws commander's InvalidArgumentError, which names the option. */
import { Option, InvalidArgumentError } from 'commander';
import { nearest } from '../text/nearest.js';

/** An integer from `min` up; refuses "1e3", "0x10", " 7" and what does not fit a safe integer. */
export function integerFrom(min: number, max = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^-?\d+$/.test(text) || !Number.isSafeInteger(value) || value < min || value > max) {
      const bound = max === Number.MAX_SAFE_INTEGER ? `from ${min} up` : `from ${min} to ${max}`;
      throw new InvalidArgumentError(`Give an integer ${bound}.`);
    }
    return value;
  };
}

export function positiveNumber(text: string): number {
  const value = Number(text);
  if (!/^\d+(\.\d+)?$/.test(text) || !(value > 0)) {
    throw new InvalidArgumentError('Give a number above 0.');
  }
  return value;
}

/** Node's timers hold 31 bits of ms, and fire at once for more. */
const LONGEST_SECONDS = 2_147_483;

const UNIT_SECONDS = { d: 86_400, h: 3600, m: 60, s: 1 } as const;

/** The units from large to small, each at most once. */
const PARTS = new RegExp(
  `^${Object.keys(UNIT_SECONDS)
    .map((unit) => `(?:(\\d{1,9}(?:\\.\\d{1,9})?)${unit})?`)
    .join('')}$`,
);

/** The seconds of "90s", "5m", "1h30m" or "2d"; null where the text is not such a duration. */
function secondsWithUnits(text: string): number | null {
  const [, ...amounts] = PARTS.exec(text) ?? [];
  if (text === '' || amounts.length === 0) return null;
  const units = Object.values(UNIT_SECONDS);
  return units.reduce((sum, unit, i) => sum + Number(amounts[i] ?? 0) * unit, 0);
}

/** In seconds; a number without a unit counts in `bareUnit`. Null where the text is no duration. */
function secondsOf(text: string, bareUnit: keyof typeof UNIT_SECONDS): number | null {
  return secondsWithUnits(/^[\d.]+$/.test(text) ? `${text}${bareUnit}` : text);
}

/** A time to wait, in seconds, above 0 and up to 24 days: "90" and "2.5" (seconds), "90s", "5m", "1h30m", "2d". */
export function duration(text: string): number {
  const value = secondsOf(text, 's');
  if (value === null || value <= 0 || value > LONGEST_SECONDS) {
    throw new InvalidArgumentError(
      'Give a number of seconds, or a duration such as 90s, 5m, 1h30m or 2d; above 0, up to 24 days.',
    );
  }
  return value;
}

/** A time between two runs, in minutes, from 1 to `max`: "30" (minutes), "90s", "1h30m", "2d". */
export function minutesUpTo(max: number): (text: string) => number {
  return (text) => {
    const minutes = (secondsOf(text, 'm') ?? 0) / UNIT_SECONDS.m;
    if (minutes < 1 || minutes > max) {
      throw new InvalidArgumentError(
        `Give a number of minutes, or a duration such as 90s, 5m, 1h30m or 2d; from 1 to ${max} minutes.`,
      );
    }
    return minutes;
  };
}

/**
 * One of `known`, in upper or lower case, with "-" or "_" between its words. An unknown one is
 * refused with the list of what there is.
 */
export function codeOf<Code extends string>(known: readonly Code[]): (text: string) => Code {
  const plain = (code: string) => code.toLowerCase().replaceAll('_', '-');
  return (text) => {
    const found = known.find((code) => plain(code) === plain(text));
    if (found === undefined) {
      const meant = nearest(text, known);
      const suggestion = meant === null ? '' : `Did you mean ${meant}? `;
      throw new InvalidArgumentError(`${suggestion}Allowed choices are ${known.join(', ')}.`);
    }
    return found;
  };
}

/** An option whose value is one of `known`, as `codeOf` reads it; help and completion list them. */
export function choiceOption(flags: string, description: string, known: readonly string[]): Option {
  const option = new Option(flags, description).choices(known);
  const { parseArg } = option;
  const spelled = codeOf(known);
  return option.argParser((text, before: unknown) => parseArg?.(spelled(text), before));
}

/** A share from 0 to 100; "5" and "5%" alike. */
export function percent(text: string): number {
  const value = Number(text.replace(/%$/, ''));
  if (!/^\d+(\.\d+)?%?$/.test(text) || value > 100) {
    throw new InvalidArgumentError('Give a percentage from 0 to 100.');
  }
  return value;
}

/** ISO 8601 with a zone, or a date alone; also as this program shows times: "2026-12-24 18:00:00 UTC". */
const INSTANT =
  /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2}| UTC))?$/;

/** An instant in ms; a date alone is midnight UTC. */
export function instant(text: string): number {
  const iso = text.replace(' UTC', 'Z').replace(' ', 'T');
  const ms = INSTANT.test(text) && isCalendarDay(text.slice(0, 10)) ? Date.parse(iso) : Number.NaN;
  if (Number.isNaN(ms)) {
    throw new InvalidArgumentError(
      'Give an ISO 8601 time with its zone, such as 2026-12-24T18:00:00Z.',
    );
  }
  return ms;
}

/** An instant in ms, as `instant` reads it, or how long ago: "90s", "15m", "1h30m", "7d". */
export function instantOrAge(text: string): number {
  const age = secondsWithUnits(text);
  if (age !== null) return Date.now() - age * 1000;
  try {
    return instant(text);
  } catch {
    throw new InvalidArgumentError(
      'Give an ISO 8601 time with its zone, such as 2026-12-24T18:00:00Z, or an age such as 90s, 15m, 1h30m or 7d.',
    );
  }
}

/** Date.parse takes February 30 for March 2. */
function isCalendarDay(day: string): boolean {
  const ms = Date.parse(day);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(day);
}

/** "a:9092,b:9092"; a port may be left out and is then 9092. */
export function brokerList(text: string): readonly string[] {
  const brokers = text.split(',').map((part) => part.trim());
  return brokers.map((broker) => {
    const match = /^(\[[0-9a-fA-F:]+\]|[^\s:/[\]]+)(?::(\d{1,5}))?$/.exec(broker);
    const port = Number(match?.[2] ?? '9092');
    if (match?.[1] === undefined || port < 1 || port > 65535) {
      throw new InvalidArgumentError(`"${broker}" is not host:port.`);
    }
    return `${match[1]}:${String(port)}`;
  });
}

/** A name that is not empty. */
export function name(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('Give a name.');
  return text;
}

/** Of a host, without scheme and port. */
export function hostName(text: string): string {
  if (!/^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*\.?$/.test(text)) {
    throw new InvalidArgumentError('Give the name of a host alone, such as console.example.com.');
  }
  return text;
}

/** Of an environment variable; a password given in its place would end up in a file. */
export function variableName(text: string): string {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(text)) {
    throw new InvalidArgumentError('Give the name of a variable, not the password itself.');
  }
  return text;
}

/** An option whose value is a count, from 1. */
export function countOption(flags: string, description: string): Option {
  return new Option(flags, description).argParser(integerFrom(1));
}

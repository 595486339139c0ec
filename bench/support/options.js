import { parseArgs } from 'node:util';

/**
 * The options of a benchmark, `--name value` each. What a default is, the value is: a whole number, a
 * text, true or false, or a list (`--modes a,b`) of which `choices` has all members. With --help, or
 * where an option is wrong, prints `usage` and ends.
 */
export function readOptions({ usage, defaults, choices = {} }) {
  const options = Object.fromEntries(
    Object.entries(defaults).map(([name, value]) => [
      name,
      { type: typeof value === 'boolean' ? 'boolean' : 'string' },
    ]),
  );
  try {
    const { values } = parseArgs({ options: { ...options, help: { type: 'boolean' } } });
    if (values.help) {
      console.log(usage.trim());
      process.exit(0);
    }
    return Object.fromEntries(
      Object.entries(defaults).map(([name, value]) => [
        name,
        values[name] === undefined ? value : read(name, values[name], value, choices[name]),
      ]),
    );
  } catch (error) {
    console.error(`${error.message}\n\n${usage.trim()}`);
    return process.exit(2);
  }
}

function read(name, text, value, choices) {
  if (typeof value === 'number') return wholeNumber(name, text);
  if (!Array.isArray(value)) return text;
  const items = text.split(',');
  const unknown = items.filter((item) => choices !== undefined && !choices.includes(item));
  if (unknown.length > 0) {
    throw new Error(`--${name}: unknown ${unknown.join(', ')}; there are ${choices.join(', ')}.`);
  }
  return typeof value[0] === 'number' ? items.map((item) => wholeNumber(name, item)) : items;
}

function wholeNumber(name, text) {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number > 0) return number;
  throw new Error(`--${name}: "${text}" is not a whole number above 0.`);
}

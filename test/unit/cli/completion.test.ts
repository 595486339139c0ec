import { expect, test } from 'vitest';
import { complete } from '../../../src/cli/completion/candidates.js';
import { declaredProgram } from '../../support/command-line/program.js';

const program = declaredProgram();

const at = (line: string) => complete(program, line.split(' '));

function words(line: string): readonly string[] {
  const completion = at(line);
  if (completion.kind !== 'words') throw new Error(`${line}: ${completion.kind}`);
  return completion.candidates.map(({ value }) => value);
}

test('commands first, without hidden ones', () => {
  expect(words('')).toEqual(expect.arrayContaining(['consume', 'lag', 'topics', 'help']));
  expect(words('')).not.toContain('__complete');
});

test('then subcommands, also behind global options and their values', () => {
  expect(words('dlq ')).toEqual(expect.arrayContaining(['count', 'peek']));
  expect(words('--brokers lag:1 -q context ')).toContain('use');
  expect(words('--output=json context ')).toContain('use');
  expect(words('help dlq ')).toContain('peek');
});

test('options of the command and of every command, but none twice', () => {
  const options = words('lag --fail-above 3 -');
  expect(options).toEqual(expect.arrayContaining(['--group', '--warn-above', '--brokers']));
  expect(options).not.toContain('--fail-above');
  expect(new Set(options).size).toBe(options.length);
  expect(options).not.toContain('--yes');
});

test.each([
  ['lag -o ', ['table', 'json']],
  ['lag --output=', ['--output=table', '--output=json']],
  ['consume --mode ', ['single', 'batch', 'scheduler']],
  ['completion ', ['bash', 'zsh', 'fish']],
])('%s<TAB> offers %j', (line, values) => {
  expect(words(line)).toEqual(values);
});

test.each([
  ['lag --group ', 'groups', ''],
  ['lag --group=', 'groups', '--group='],
  ['lag --topic ', 'topics', ''],
  ['topics describe ', 'topics', ''],
  ['topics describe one two ', 'topics', ''],
  ['topics alter --partitions 3 ', 'topics', ''],
  ['campaigns show ', 'campaigns', ''],
  ['produce --count 3 --coupon ', 'campaigns', ''],
  ['context use ', 'contexts', ''],
  ['--context ', 'contexts', ''],
])('%s<TAB> looks for live %s', (line, live, prefix) => {
  expect(at(line)).toEqual({ kind: 'live', live, prefix });
});

test('several values of one option', () => {
  expect(words('context set a --unset timeout ')).toContain('tls-ca');
  expect(words('context set a --unset timeout --un')).not.toContain('timeout');
});

test('files and directories are left to the shell', () => {
  expect(at('lag --tls-ca ')).toEqual({ kind: 'files' });
  expect(at('lag --tls-ca=')).toEqual({ kind: 'files' });
  // They also take a URL, which no shell can complete.
  expect(at('lag --store ')).toEqual({ kind: 'files' });
  expect(at('store copy --to ')).toEqual({ kind: 'files' });
  expect(at('lag --data-dir ')).toEqual({ kind: 'directories' });
});

test('nothing where nothing can be known', () => {
  expect(words('campaigns show 1 ')).toEqual([]);
  expect(words('produce --count ')).toEqual([]);
  expect(words('nonsense ')).toEqual([]);
  expect(words('lag --nonsense=')).toEqual([]);
  expect(words('campaigns list -- -')).toEqual([]);
});

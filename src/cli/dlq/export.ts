import { Readable } from 'node:stream';
import type { Services } from '../services.js';
import { DLQ_TOPIC } from '../../coupon/topics.js';
import { count } from '../../text/figures.js';
import { scanLetters, type FoundLetter } from '../../dead-letters/scan.js';
import { toJson } from '../../output/output.js';
import { writeWhole } from '../../output/whole-file.js';
import type { CommandResult } from '../result.js';
import {
  filterOf,
  letterJson,
  openTransactionsIn,
  readLetters,
  type FilterOptions,
} from './letters.js';

interface Options extends FilterOptions {
  readonly newest?: boolean;
  readonly file?: string;
}

export async function run(services: Services, options: Options): Promise<CommandResult> {
  const reader = await services.reader();
  const bounds = await reader.bounds(DLQ_TOPIC);
  const filter = filterOf(options, bounds);
  const query = { topic: DLQ_TOPIC, bounds, filter, newestFirst: options.newest ?? false };
  openTransactionsIn(services, bounds);
  const written = { letters: 0 };
  const { file = '-' } = options;
  // A live line would stand in the midst of what a terminal shows.
  const isShown = file === '-' && services.output.isTerminal;
  const letters = isShown ? scanLetters(reader, query) : readLetters(services, reader, query);
  const lines = Readable.from(jsonLines(letters, written));
  if (file === '-') {
    await services.stdout.writeAll(lines);
    return undefined;
  }
  await writeWhole(file, lines);
  services.output.result({ topic: DLQ_TOPIC, file, exported: written.letters }, () => '');
  services.output.note(`Wrote ${count(written.letters)} dead letters to ${file}.`);
  return undefined;
}

async function* jsonLines(letters: AsyncIterable<FoundLetter>, written: { letters: number }) {
  for await (const { letter } of letters) {
    written.letters += 1;
    yield `${toJson(letterJson(letter), 0)}\n`;
  }
}

import { Readable } from 'node:stream';
import type { Services } from '../services.js';
import { DLQ_TOPIC } from '../../coupon/topics.js';
import { count } from '../../text/figures.js';
import type { MarkedLetter } from '../../dead-letters/replay-marks.js';
import { toJson } from '../../output/output.js';
import { writeWhole } from '../../output/whole-file.js';
import type { CommandResult } from '../result.js';
import {
  letterJson,
  markedIn,
  startReading,
  type FilterOptions,
  type MarkOptions,
} from './letters.js';
import { noteUnknownMarks } from './replay-memory.js';

interface Options extends FilterOptions, MarkOptions {
  readonly newest?: boolean;
  readonly file?: string;
}

export async function run(services: Services, options: Options): Promise<CommandResult> {
  const reading = await startReading(services, options);
  const written = { letters: 0 };
  const { file = '-' } = options;
  // A live line would stand in the midst of what a terminal shows.
  const hasLiveLine = file !== '-' || !services.output.isTerminal;
  const { newest: newestFirst = false } = options;
  const letters = markedIn(services, reading, { ...options, newestFirst, hasLiveLine });
  noteUnknownMarks(services, reading.marks);
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

async function* jsonLines(letters: AsyncIterable<MarkedLetter>, written: { letters: number }) {
  for await (const { letter, mark } of letters) {
    written.letters += 1;
    yield `${toJson(letterJson(letter, mark), 0)}\n`;
  }
}

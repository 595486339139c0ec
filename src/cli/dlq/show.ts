import type { Services } from '../services.js';
import { findLetter, type LetterPosition } from '../../dead-letters/find-letter.js';
import { readDeadLetter } from '../../dead-letters/read.js';
import { ReplayMarks, UNKNOWN_MARK } from '../../dead-letters/replay-marks.js';
import type { CommandResult } from '../result.js';
import { drawWhole } from './draw-letters.js';
import { letterJson } from './letters.js';
import { noteUnknownMarks, openReplayMemory } from './replay-memory.js';

export async function run(
  services: Services,
  _options: object,
  position: LetterPosition,
): Promise<CommandResult> {
  const reader = await services.reader();
  const [record, opened] = await Promise.all([
    findLetter(reader, position),
    openReplayMemory(services),
  ]);
  const marks = new ReplayMarks(await reader.clusterId(), opened);
  const [mark = UNKNOWN_MARK] = await marks.of([record]);
  const letter = readDeadLetter(record);
  noteUnknownMarks(services, marks);
  services.output.result(letterJson(letter, mark), () =>
    drawWhole(services.output, { letter, mark }),
  );
  return undefined;
}

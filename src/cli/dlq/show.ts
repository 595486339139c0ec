import type { Services } from '../services.js';
import { findLetter, type LetterPosition } from '../../dead-letters/find-letter.js';
import { readDeadLetter } from '../../dead-letters/read.js';
import type { CommandResult } from '../result.js';
import { drawWhole } from './draw-letters.js';
import { letterJson } from './letters.js';

export async function run(
  services: Services,
  _options: object,
  position: LetterPosition,
): Promise<CommandResult> {
  const letter = readDeadLetter(await findLetter(await services.reader(), position));
  services.output.result(letterJson(letter), () => drawWhole(services.output, letter));
  return undefined;
}

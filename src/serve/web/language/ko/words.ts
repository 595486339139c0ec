/** Of language/en, in Korean. */
import type { Words } from '../en/words.js';
import { advice } from './advice.js';
import { campaigns } from './campaigns.js';
import { charts } from './charts.js';
import { failures } from './failures.js';
import { figures } from './figures.js';
import { letters } from './letters.js';
import { outcomes } from './outcomes.js';
import { partitions } from './partitions.js';
import { replay } from './replay.js';
import { shell } from './shell.js';
import { verdict } from './verdict.js';

export const ko: Words = {
  advice,
  campaigns,
  charts,
  failures,
  figures,
  letters,
  outcomes,
  partitions,
  replay,
  shell,
  verdict,
};

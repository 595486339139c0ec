/** Of language/en, in Korean. */
import type { Words } from '../en/words.js';
import { campaigns } from './campaigns.js';
import { charts } from './charts.js';
import { figures } from './figures.js';
import { outcomes } from './outcomes.js';
import { shell } from './shell.js';
import { verdict } from './verdict.js';

export const ko: Words = { campaigns, charts, figures, outcomes, shell, verdict };

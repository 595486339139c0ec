/** Korean has the same, by type: language/ko. */
import { campaigns } from './campaigns.js';
import { charts } from './charts.js';
import { figures } from './figures.js';
import { outcomes } from './outcomes.js';
import { shell } from './shell.js';
import { verdict } from './verdict.js';

export const en = { campaigns, charts, figures, outcomes, shell, verdict };

/** All texts of the page: each language has each of them. */
export type Words = typeof en;

/** The words of the checks of src/doctor/check.ts: what was found, and the command that fixes it. */
import type { Check } from '../../doctor/check.js';
import { inWords, type Words } from '../words.js';
import type { CheckText } from './words/text.js';
import { CLOCK } from './words/clock.js';
import { CLUSTER } from './words/cluster.js';
import { MACHINE } from './words/machine.js';
import { SERVER, STORE } from './words/store.js';
import { TOPICS } from './words/topics.js';

const WORDS: Words<Check, CheckText> = {
  ...MACHINE,
  ...STORE,
  ...SERVER,
  ...CLUSTER,
  ...TOPICS,
  ...CLOCK,
};

export function checkText(check: Check): CheckText {
  return inWords(WORDS, check);
}

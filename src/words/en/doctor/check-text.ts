/** The words of the checks of src/doctor/check.ts: what was found, and the command that fixes it. */
import type { Check } from '../../../doctor/check.js';
import { inWords, type Words } from '../../in-words.js';
import type { CheckText } from './text.js';
import { CLOCK } from './clock.js';
import { CLUSTER } from './cluster.js';
import { MACHINE } from './machine.js';
import { SERVER, STORE } from './store.js';
import { TOPICS } from './topics.js';

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

/**
 * The scheduler's run is short, for it works by the clock: it takes so many records each time it wakes,
 * and nothing in between. The first of its wake-ups starts the measured time.
 */
import { SCHEDULED_RECORDS } from '../consume/scheduler.js';

const WAKE_UPS = 3;

export const SCHEDULER_REQUESTS = WAKE_UPS * SCHEDULED_RECORDS;

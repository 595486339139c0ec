import type { Outcome } from '../../../../coupon/outcome.js';

/** What became of a request. The codes are shown beside them: they are the words of the terminal. */
export const outcomes: Readonly<Record<Outcome, string>> = {
  ISSUED: 'issued',
  DUPLICATE: 'user already has one',
  SOLD_OUT: 'sold out',
  EXPIRED: 'after the campaign',
  NOT_STARTED: 'before the campaign',
  INACTIVE: 'campaign inactive',
  NOT_FOUND: 'no such campaign',
  DEAD_LETTERED: 'dead-lettered',
};

import type { LetterFilter } from '../../../dead-letters/filter.js';
import type { LetterFilterData } from '../wire/letters.js';

export function letterFilterOf({ reason, coupon, ...filter }: LetterFilterData): LetterFilter {
  return {
    ...filter,
    ...(reason === undefined ? {} : { reasonCode: reason }),
    ...(coupon === undefined ? {} : { couponId: coupon }),
  };
}

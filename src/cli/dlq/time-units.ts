/** What `dlq stats --by` names. */
export const TIME_UNITS = ['hour', 'minute'] as const;

export type TimeUnit = (typeof TIME_UNITS)[number];

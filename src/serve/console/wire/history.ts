export interface History {
  readonly atMs: readonly number[];
  /** Records a second appended to the request topic. */
  readonly inPerSecond: readonly (number | null)[];
  /** Records a second that the group is done with. */
  readonly outPerSecond: readonly (number | null)[];
  readonly lag: readonly (number | null)[];
  /** How long the oldest unread record has waited. */
  readonly waitedMs: readonly (number | null)[];
  /** From a record's timestamp to its coupon, of the coupons issued since the point before. */
  readonly issuedP50Ms: readonly (number | null)[];
  readonly issuedP99Ms: readonly (number | null)[];
}

/** One more point. */
export type HistoryPoint = { readonly [Column in keyof History]: History[Column][number] };

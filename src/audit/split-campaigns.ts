import type { AuditFindings } from './findings.js';

/** On which partitions each campaign's requests are. */
export class SplitCampaigns {
  readonly #partitionsOf: ReadonlyMap<number, Set<number>>;

  /** `campaigns`: a coupon without a campaign is not followed, for a producer can invent any number. */
  constructor(campaigns: readonly { readonly couponId: number }[]) {
    this.#partitionsOf = new Map(campaigns.map(({ couponId }) => [couponId, new Set<number>()]));
  }

  seen(couponId: number, partition: number): void {
    this.#partitionsOf.get(couponId)?.add(partition);
  }

  /** After the last record. */
  note(findings: AuditFindings): void {
    for (const [couponId, seen] of this.#partitionsOf) {
      if (seen.size < 2) continue;
      const partitions = [...seen].sort((a, b) => a - b);
      findings.addOf({ code: 'NOTE_SPLIT_CAMPAIGN', couponId, position: null, partitions });
    }
  }
}

/** single: a record a transaction; batch: many; scheduler: the old way, to compare with. */
export const CONSUME_MODES = ['single', 'batch', 'scheduler'] as const;

export type ConsumeMode = (typeof CONSUME_MODES)[number];

/** The Kafka client id of a member: it shows how the member works. */
export function memberClientId(mode: ConsumeMode, member: number): string {
  return `coupons-${mode}-${String(member)}`;
}

/** How the member of this client id works; null where it is not one of ours. */
export function modeOfClientId(clientId: string): ConsumeMode | null {
  return CONSUME_MODES.find((mode) => clientId.startsWith(`coupons-${mode}-`)) ?? null;
}

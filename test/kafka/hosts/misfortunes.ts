/** What befalls a run: when, and in which order, by a seed. */

export type Misfortune =
  | { readonly kind: 'kill-consumer'; readonly host: number }
  | { readonly kind: 'restart-server'; readonly how: 'fast' | 'crash' }
  | { readonly kind: 'kill-broker' }
  /** Brings back the one that was killed. */
  | { readonly kind: 'heal-brokers' };

/** Due when so many records are applied. Two may be due at once, so that one hits what the other has left. */
export type Due = Misfortune & { readonly records: number };

export interface MisfortuneOptions {
  readonly hosts: number;
  readonly kills: number;
  /** Of the run. */
  readonly records: number;
}

/** The last of them leaves something to do for those who got through. */
const LAST_SHARE = 0.9;

/** Consumers killed at random; the server restarted twice and a broker killed once on the way. */
export function drawMisfortunes(
  { hosts, kills, records }: MisfortuneOptions,
  random: () => number,
): readonly Due[] {
  const at = (least: number, most: number) =>
    Math.floor(records * LAST_SHARE * (least + (most - least) * random()));
  const killed = Array.from({ length: kills }, () => ({
    kind: 'kill-consumer' as const,
    host: Math.floor(random() * hosts),
    records: at(0, 1),
  }));
  return [
    ...killed,
    { kind: 'restart-server' as const, how: 'fast' as const, records: at(0.1, 0.4) },
    { kind: 'kill-broker' as const, records: at(0.4, 0.6) },
    { kind: 'restart-server' as const, how: 'crash' as const, records: at(0.6, 0.8) },
    { kind: 'heal-brokers' as const, records: at(0.8, 1) },
  ].sort((one, other) => one.records - other.records);
}

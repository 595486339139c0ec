/** A sale of many campaigns: its requests, and how many coupons each campaign must hand out. */
import { request } from '../../support/requests.js';

export interface SaleSize {
  readonly requests: number;
  readonly campaigns: number;
}

export interface SaleCampaign {
  readonly couponId: number;
  readonly stock: number;
  /** Distinct users who ask: some campaigns have more of them than stock, others fewer. */
  readonly users: number;
}

export interface Sale {
  readonly campaigns: readonly SaleCampaign[];
  /** JSON, one request a line, the campaigns mixed. */
  readonly lines: readonly string[];
}

/** So many of its requests come a second time, word for word; as many users ask again in another request. */
const REPEATED_SHARE = 0.05;

/** `random` is uniform in [0, 1). */
export function drawSale({ requests, campaigns }: SaleSize, random: () => number): Sale {
  const each = Math.floor(requests / campaigns);
  const drawn = Array.from({ length: campaigns }, (_unused, index) =>
    drawCampaign(1 + index, each, random),
  );
  return {
    campaigns: drawn.map(({ campaign }) => campaign),
    lines: shuffled(
      drawn.flatMap(({ lines }) => lines),
      random,
    ),
  };
}

/** What must be issued of a campaign, whatever happens meanwhile. */
export function issuedOf({ stock, users }: SaleCampaign): number {
  return Math.min(stock, users);
}

function drawCampaign(
  couponId: number,
  requests: number,
  random: () => number,
): { readonly campaign: SaleCampaign; readonly lines: readonly string[] } {
  const repeats = Math.round(requests * REPEATED_SHARE);
  const users = requests - 2 * repeats;
  const first = Array.from({ length: users }, (_unused, index) => lineOf(couponId, 1 + index));
  const again = Array.from({ length: repeats }, () => first[below(users, random)] ?? '');
  const others = Array.from({ length: repeats }, () => lineOf(couponId, 1 + below(users, random)));
  // From a fifth of the users to more than there are.
  const stock = Math.ceil(users * (0.2 + 1.2 * random()));
  return { campaign: { couponId, stock, users }, lines: [...first, ...again, ...others] };
}

function lineOf(couponId: number, userId: number): string {
  return request(couponId, userId).value.toString();
}

function below(limit: number, random: () => number): number {
  return Math.floor(random() * limit);
}

function shuffled<T>(items: readonly T[], random: () => number): readonly T[] {
  const drawn = items.map((item) => ({ item, at: random() }));
  return drawn.sort((one, other) => one.at - other.at).map(({ item }) => item);
}

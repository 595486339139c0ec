import type { Services } from '../services.js';
import type { Campaign } from '../../coupon/campaign.js';
import { CliError } from '../../errors.js';
import { lastIssuedOf, type LastIssued } from '../../history/sold-out.js';
import { changedTerms } from '../../history/term-changes.js';
import { count } from '../../text/figures.js';
import { utcTime } from '../../text/times.js';
import { isoTime } from '../../output/output.js';
import { printable } from '../../output/printable.js';
import { pairs, type Cell } from '../../output/table.js';
import type { CommandResult } from '../result.js';
import { warnOfMismatchIfQuick } from '../store-mismatch.js';
import { drawVersions, versionJson } from './versions.js';

interface Options {
  readonly history?: boolean;
}

export async function run(
  services: Services,
  { history: withHistory = false }: Options,
  couponId: number,
): Promise<CommandResult> {
  const { output } = services;
  const store = await services.readableStore();
  const { campaign, all } = await store.snapshot(async (snapshot) => ({
    campaign: (await snapshot.campaigns()).find((each) => each.couponId === couponId),
    all: await snapshot.versions(),
  }));
  if (campaign === undefined) throw campaignNotFound(couponId);
  const versions = changedTerms(all.filter((version) => version.couponId === couponId));
  const [issued = NOTHING_ISSUED] = await lastIssuedOf(store, [campaign], versions);
  const document = {
    ...campaignJson(campaign),
    lastIssuedAt: isoTime(issued.last?.issuedAtMs ?? null),
    soldOutAt: isoTime(issued.soldOutAtMs),
    ...(withHistory ? { versions: versions.map(versionJson) } : {}),
  };
  output.result(document, () => {
    const shown = pairs([...campaignRows(campaign), ...issuedRows(issued)], output.columns);
    if (!withHistory) return shown;
    const readAtMs = output.readAt(services.clock.now());
    return `${shown}\n\n${drawVersions(versions, output.columns, readAtMs)}`;
  });
  await warnOfMismatchIfQuick(services, store);
  return undefined;
}

const NOTHING_ISSUED: LastIssued = { last: null, soldOutAtMs: null };

export function campaignNotFound(couponId: number): CliError {
  return new CliError(
    'CAMPAIGN_NOT_FOUND',
    `There is no campaign for coupon ${String(couponId)} in this store.`,
    'See `coupons campaigns list`, or create it with `coupons campaigns create`.',
  );
}

/** docs/contract.md, "campaigns". */
export function campaignJson(campaign: Campaign) {
  const { couponId, name, totalQuantity, issuedQuantity, status } = campaign;
  return {
    couponId,
    name,
    totalQuantity,
    issuedQuantity,
    status,
    validFrom: isoTime(campaign.validFromMs),
    validUntil: isoTime(campaign.validUntilMs),
  };
}

/** A name may hold anything, colours among it. */
export function shownName({ name }: Pick<Campaign, 'name'>): string | null {
  return name === null ? null : printable(name);
}

/** After a change. */
export function showCampaign({ output }: Services, campaign: Campaign): void {
  output.result(campaignJson(campaign), () => pairs(campaignRows(campaign), output.columns));
}

type Row = readonly [string, Cell];

function campaignRows(campaign: Campaign): readonly Row[] {
  const json = campaignJson(campaign);
  return [
    ['coupon', json.couponId],
    ['name', shownName(json)],
    ['stock', count(json.totalQuantity)],
    ['issued', count(json.issuedQuantity)],
    ['left', count(json.totalQuantity - json.issuedQuantity)],
    ['status', json.status],
    ['valid from', shownTime(campaign.validFromMs)],
    ['valid until', shownTime(campaign.validUntilMs)],
  ];
}

function issuedRows({ last, soldOutAtMs }: LastIssued): readonly Row[] {
  return [
    [
      'last issued',
      last === null ? null : `${utcTime(last.issuedAtMs)} to user ${String(last.userId)}`,
    ],
    ['sold out at', shownTime(soldOutAtMs)],
  ];
}

function shownTime(ms: number | null): string | null {
  return ms === null ? null : utcTime(ms);
}

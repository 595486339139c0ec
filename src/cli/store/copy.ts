import { storeLocation } from '../../config/store-location.js';
import { copyStore, type CopyProgress } from '../../copy/copy-store.js';
import { UsageError } from '../../errors.js';
import type { CopyCounts } from '../../copy/summary.js';
import { liveLine, type LiveLine } from '../../output/spinner.js';
import { pairs } from '../../output/table.js';
import { storeExists, type StoreCopyEnd } from '../../ports/store-copy.js';
import { count, duration, perSecond, rate } from '../../text/figures.js';
import { shellWord } from '../../text/shell-word.js';
import type { CommandResult } from '../result.js';
import type { Services } from '../services.js';
import { copyEndAt } from '../stores.js';

interface Options {
  readonly from?: string;
  readonly to: string;
  readonly dryRun?: boolean;
}

export async function run(services: Services, options: Options): Promise<CommandResult> {
  const { from: given, to: target, dryRun = false } = options;
  const source = given === undefined ? services.options.store : storeLocation(given, process.env);
  const from = await copyEndAt(source, services.options);
  const to = await copyEndAt(storeLocation(target, process.env), services.options);
  if (from.name === to.name) {
    throw new UsageError(`--from and --to are the same store, ${to.name}.`, 'Name another one.');
  }
  if (dryRun) await plan(services, from, to);
  else {
    await services.announceChange({ store: from.name, copyTo: to.name });
    await copy(services, from, to);
  }
  return undefined;
}

async function copy(services: Services, from: StoreCopyEnd, to: StoreCopyEnd): Promise<void> {
  const { clock, output } = services;
  const startedMs = clock.now();
  const line = await liveLine(output, 'copying the store');
  try {
    const draw = drawOn(line, clock.now);
    const { summary, isCopied, hasMovedOn } = await copyStore(from, to, draw);
    line.stop();
    const elapsedMs = Math.round(clock.now() - startedMs);
    const facts = { storeId: summary.id, ...summary.counts };
    show(services, {
      ...{ from: from.name, to: to.name, dryRun: false, copied: isCopied },
      ...{ ...facts, hasMovedOn, elapsedMs },
    });
    if (!isCopied) output.note(`${to.name} held exactly this state already.`);
    if (hasMovedOn) output.warn(movedOn(from, to));
    else output.note(howToMove(from, to));
  } finally {
    line.stop();
  }
}

/** By the counts that a store keeps, without reading all of it. */
async function plan(services: Services, from: StoreCopyEnd, to: StoreCopyEnd): Promise<void> {
  const { clock } = services;
  const startedMs = clock.now();
  if (await to.exists()) throw storeExists(to.name);
  const { head, size } = await from.read(async (contents) => ({
    head: await contents.head(),
    size: await contents.size(),
  }));
  show(services, {
    ...{ from: from.name, to: to.name, dryRun: true, copied: false, storeId: head.id },
    campaigns: head.campaigns.length,
    versions: head.versions.length,
    issued: head.campaigns.reduce((sum, { issuedQuantity }) => sum + issuedQuantity, 0),
    positions: head.positions.length,
    ...size,
    hasMovedOn: false,
    elapsedMs: Math.round(clock.now() - startedMs),
  });
}

/** The command's answer in JSON. */
interface CopyDocument extends CopyCounts {
  readonly from: string;
  readonly to: string;
  readonly dryRun: boolean;
  readonly copied: boolean;
  readonly storeId: string;
  readonly hasMovedOn: boolean;
  readonly elapsedMs: number;
}

function show({ output }: Services, document: CopyDocument): void {
  output.result(document, () =>
    pairs(
      [
        ['from', document.from],
        ['to', document.to],
        ['campaigns', count(document.campaigns)],
        ['outcomes', count(document.outcomes)],
        ['of them issued', count(document.issued)],
        ['positions', count(document.positions)],
        ['replayed dead letters', count(document.replayedLetters)],
        ['took', document.dryRun ? '-' : duration(document.elapsedMs)],
      ],
      output.columns,
    ),
  );
}

function drawOn(line: LiveLine, now: () => number): (progress: CopyProgress) => void {
  let [phase, startedMs]: [CopyProgress['phase'] | null, number] = [null, 0];
  return (progress) => {
    if (progress.phase !== phase) [phase, startedMs] = [progress.phase, now()];
    const { outcomes, total } = progress;
    const speed = perSecond(rate(outcomes, now() - startedMs));
    line.update(`${phase}: ${count(outcomes)} of ${count(total)} outcomes  ${speed}`);
  };
}

function howToMove(from: StoreCopyEnd, to: StoreCopyEnd): string {
  return (
    `The copy was read back and compared. What is written to ${from.name} from now on is not in it. ` +
    `To move a group: its consumers must have been stopped before the copy; start all of them with --store ${shellWord(to.name)}, and don't use ${from.name} any more. ` +
    `Check it: \`coupons audit --store ${shellWord(to.name)}\`.`
  );
}

function movedOn(from: StoreCopyEnd, to: StoreCopyEnd): string {
  return (
    `${from.name} was written to while it was copied, so ${to.name} is a backup of an older state. ` +
    'To move a group, stop its consumers and copy again.'
  );
}

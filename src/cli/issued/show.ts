import { REQUEST_TOPIC } from '../../coupon/topics.js';
import { CliError } from '../../errors.js';
import { lookUp, type LookedUp, type LookUpProgress } from '../../issued/look-up.js';
import { isIncomplete, isOfAnotherStore, type LookUpNote } from '../../issued/note.js';
import type { UserHistory } from '../../issued/user-history.js';
import { liveLine } from '../../output/spinner.js';
import type { CouponStore } from '../../ports/coupon-store.js';
import { comparedNow, standOf, storeMismatch } from '../../records/store-comparison.js';
import { count } from '../../text/figures.js';
import { lookUpNoteText } from '../../words/en/issued-notes.js';
import type { CommandResult } from '../result.js';
import type { Services } from '../services.js';
import { drawHistory } from './draw-history.js';
import { showDocument } from './show-document.js';

interface Options {
  readonly coupon?: number;
  readonly user: number;
  readonly group: string;
}

export async function run(services: Services, options: Options): Promise<CommandResult> {
  const { output } = services;
  const store = await services.readableStore();
  const { history, ...looked } = await lookedUp(services, store, options);
  const notes = [...(await mismatchNotes(services, store, options.group, looked)), ...looked.notes];
  for (const note of notes) say(services, note);
  const answer = { history, ...looked, notes };
  const document = showDocument(answer, {
    couponId: options.coupon ?? null,
    pasted: (command) => services.pasted(command),
  });
  output.result(document, () => drawHistory(answer, services));
  return isAnswered(history, notes) ? undefined : 'check-failed';
}

/** That there is no request is an answer only where all was looked at; that one waits, where it is the group's store. */
function isAnswered({ coupons }: UserHistory, notes: readonly LookUpNote[]): boolean {
  const isFound = coupons.some(({ requests }) => requests.length > 0);
  if (!isFound) return !notes.some(isIncomplete);
  return !coupons.some(({ status }) => status === 'PENDING') || !notes.some(isOfAnotherStore);
}

async function lookedUp(
  services: Services,
  store: CouponStore,
  { coupon, user, group }: Options,
): Promise<LookedUp> {
  const reader = await services.reader();
  const signal = services.gracefulStop();
  const line = await liveLine(services.output, 'looking');
  const onProgress = ({ of, looked, total }: LookUpProgress) => {
    const what = of === 'log' ? 'records that the store has not read' : 'dead letters';
    line.update(`looked at ${count(looked)} of ${count(total)} ${what}`);
  };
  const query = { userId: user, couponId: coupon ?? null, group, onProgress, signal };
  return lookUp({ store, reader, now: services.clock.now }, query).finally(() => {
    line.stop();
  });
}

/** Where the store does not belong to the log its silence means nothing. */
async function mismatchNotes(
  services: Services,
  store: CouponStore,
  group: string,
  { partitions }: Pick<LookedUp, 'partitions'>,
): Promise<readonly LookUpNote[]> {
  // The store alone gave the answer.
  if (partitions.length === 0) return [];
  try {
    const [admin, reader] = [await services.admin(), await services.reader()];
    const compared = await comparedNow(admin, reader, group, REQUEST_TOPIC);
    const stand = await standOf(store, services.storePlace().path);
    const mismatch = await storeMismatch(stand, reader, compared);
    return mismatch === null ? [] : [{ ...mismatch, group }];
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    return [{ code: 'GROUP_NOT_COMPARED', group, message: error.message }];
  }
}

function say({ output }: Services, note: LookUpNote): void {
  if (isIncomplete(note)) output.warn(lookUpNoteText(note));
  else output.note(`note: ${lookUpNoteText(note)}`);
}

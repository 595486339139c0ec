import { isDeepStrictEqual } from 'node:util';
import { CliError, UnreachableError } from '../errors.js';
import {
  storeExists,
  type NewStore,
  type StoreContents,
  type StoreCopyEnd,
} from '../ports/store-copy.js';
import { summaryOf, type StoreSummary } from './summary.js';

export interface CopyProgress {
  /** `verifying`: what was written is read back. */
  readonly phase: 'copying' | 'verifying';
  readonly outcomes: number;
  readonly total: number;
}

export interface CopyResult {
  readonly summary: StoreSummary;
  /** False: the store that was there holds exactly this state already, as after a copy that died once it was done. */
  readonly isCopied: boolean;
  /** The store at `from` was written to while it was copied: the copy is an older state of it. */
  readonly hasMovedOn: boolean;
}

/**
 * Copies one state of the store at `from` to `to`, where a store comes into being with its last step: it is
 * either whole, and was read back and compared, or it is not there. Throws CliError: STORE_EXISTS where `to` has
 * another store, or this one in another state, STORE_INCONSISTENT, STORE_COPY_DIFFERS, and what the stores throw.
 */
export async function copyStore(
  from: StoreCopyEnd,
  to: StoreCopyEnd,
  onProgress: (progress: CopyProgress) => void,
): Promise<CopyResult> {
  const isCopied = !(await to.exists());
  const { head, summary } = await from.read(async (contents) => ({
    head: await contents.head(),
    summary: isCopied
      ? await to.create((store) => fill({ contents, store, from, to, onProgress }))
      : await sameContents(contents, to, onProgress),
  }));
  const now = await from.read((contents) => contents.head());
  return { summary, isCopied, hasMovedOn: !isDeepStrictEqual(now, head) };
}

interface Copy {
  readonly contents: StoreContents;
  readonly store: NewStore;
  readonly from: StoreCopyEnd;
  readonly to: StoreCopyEnd;
  readonly onProgress: (progress: CopyProgress) => void;
}

async function fill({ contents, store, from, to, onProgress }: Copy): Promise<StoreSummary> {
  const { outcomes: total } = await contents.size();
  const original = await summaryOf(
    contents,
    (outcomes) => {
      onProgress({ phase: 'copying', outcomes, total });
    },
    store,
  );
  const [couponId] = original.contradictions;
  if (couponId !== undefined) throw inconsistent(from.name, couponId);
  const copied = await summaryOf(store.contents(), (outcomes) => {
    onProgress({ phase: 'verifying', outcomes, total });
  });
  if (copied.digest !== original.digest) throw differs(from.name, to.name);
  return original;
}

/** The summary of both stores, where they are equal. */
async function sameContents(
  contents: StoreContents,
  to: StoreCopyEnd,
  onProgress: (progress: CopyProgress) => void,
): Promise<StoreSummary> {
  const { id } = await contents.head();
  return to.read(async (existing) => {
    if ((await existing.head()).id !== id) throw storeExists(to.name);
    const { outcomes: total } = await contents.size();
    const [original, copied] = await Promise.all([
      summaryOf(contents, () => undefined),
      summaryOf(existing, (outcomes) => {
        onProgress({ phase: 'verifying', outcomes, total });
      }),
    ]);
    if (copied.digest !== original.digest) throw otherState(to.name);
    return original;
  });
}

function inconsistent(name: string, couponId: number): UnreachableError {
  return new UnreachableError(
    'STORE_INCONSISTENT',
    `The store ${name} contradicts itself: coupon ${String(couponId)} has another issued_quantity than coupons, or a gap in their sequence. Nothing was copied.`,
    'Another program has changed it. Run `coupons audit` on it, and restore a backup.',
  );
}

function differs(from: string, to: string): CliError {
  return new CliError(
    'STORE_COPY_DIFFERS',
    `What was written to ${to} differs from what ${from} holds. Nothing was kept.`,
    'Try again; if it happens again, check the disk or the database of the copy.',
  );
}

function otherState(name: string): CliError {
  return new CliError(
    'STORE_EXISTS',
    `There is a copy of this store at ${name} already, of another state. Nothing was changed.`,
    'Name a place where there is no store yet, or remove the copy first if nothing uses it.',
  );
}

/** The words of a StoreMismatch, for every command that compares the store with a group. */
import { CONSUMER_GROUP } from '../../coupon/topics.js';
import { describePlace, isSameHost, type StoreMismatch } from '../../ports/group-store.js';
import { shellWord } from '../../text/shell-word.js';

export function mismatchText(mismatch: StoreMismatch, group: string): string {
  const { path } = mismatch;
  switch (mismatch.code) {
    case 'STORE_OF_ANOTHER_CLUSTER':
      return `The store ${path} has read cluster ${mismatch.storeClusterId}, but this is cluster ${mismatch.clusterId}: what is in it does not belong to this log. Name another one with --store.`;
    case 'OFFSETS_OF_ANOTHER_STORE': {
      const { used } = mismatch;
      if (used.path === path) {
        return `Group ${group} uses another store, which is or was at ${describePlace(used)}: what that one has decided is not in the store that is at this path here. Put the other one back, or see \`coupons store take-over\`.`;
      }
      return `Group ${group} uses the store ${describePlace(used)}, not ${path}: what that one has decided is not in this one. Name it with --store, or see \`coupons store take-over\`.`;
    }
    case 'OFFSETS_AHEAD_OF_STORE': {
      const { partition, committedOffset, nextOffset } = mismatch.behind;
      const reached = nextOffset === null ? 'nothing' : `up to offset ${nextOffset.toString()}`;
      return `Group ${group} has committed offset ${committedOffset.toString()} of ${mismatch.topic} partition ${String(partition)}, but the store ${path} has applied ${reached} there: it is an older copy, or another program has read for the group. See \`coupons store take-over\`.`;
    }
  }
}

/** The command that shows the way out. `host`: of this machine. */
export function mismatchFix(
  mismatch: StoreMismatch,
  { group, host }: { readonly group: string; readonly host: string },
): string {
  const ofGroup = group === CONSUMER_GROUP ? '' : ` --group ${shellWord(group)}`;
  switch (mismatch.code) {
    case 'STORE_OF_ANOTHER_CLUSTER':
      return 'coupons context show';
    case 'OFFSETS_OF_ANOTHER_STORE':
      return isSameHost(mismatch.used, { host }) && mismatch.used.path !== mismatch.path
        ? `coupons doctor${ofGroup} --store ${shellWord(mismatch.used.path)}`
        : `coupons store take-over${ofGroup} --dry-run`;
    case 'OFFSETS_AHEAD_OF_STORE':
      return `coupons store take-over${ofGroup} --dry-run`;
  }
}

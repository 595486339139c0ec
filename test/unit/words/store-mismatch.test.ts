import { describe, expect, it } from 'vitest';
import { stepText } from '../../../src/words/en/advice-steps.js';
import { checkText } from '../../../src/words/en/doctor/check-text.js';
import { mismatchText } from '../../../src/words/en/store-mismatch.js';
import { advise } from '../../../src/advice/advice.js';
import { besideStoreOfGroup, checkStore } from '../../../src/doctor/store-checks.js';
import { checkStoreOfGroup, notChecked } from '../../../src/doctor/cluster-checks.js';
import type { StoreMismatch } from '../../../src/ports/group-store.js';
import type { StoreHealth } from '../../../src/ports/store-access.js';
import { facts } from '../advice/facts.js';

const EMPTY: StoreHealth = {
  ...{ schemaVersion: 0, latestSchemaVersion: 7, damages: [], isLocked: false },
  ...{ sizeBytes: 0, writeAheadLogBytes: 0, server: null },
};
const group = 'coupon-issue-group';
const path = '/data/coupons.db';
const topic = 'coupon-issue-requests';
const used = { id: 'other', host: 'issuer-1', path: "/it's/other.db", sinceMs: 0, pid: null };
const ANOTHER: StoreMismatch = { code: 'OFFSETS_OF_ANOTHER_STORE', path, topic, used };
const AHEAD: StoreMismatch = {
  code: 'OFFSETS_AHEAD_OF_STORE',
  path,
  topic,
  behind: { partition: 2, committedOffset: 7n, nextOffset: 5n },
};
const CLUSTER: StoreMismatch = {
  code: 'STORE_OF_ANOTHER_CLUSTER',
  path,
  storeClusterId: 'a',
  clusterId: 'b',
};

it('says which store the group uses, how far it is ahead, and which cluster was read', () => {
  expect(mismatchText(ANOTHER, group)).toContain(
    `${group} uses the store ${used.path} on issuer-1`,
  );
  expect(mismatchText(AHEAD, group)).toContain(
    'has committed offset 7 of coupon-issue-requests partition 2, but the store /data/coupons.db has applied up to offset 5 there',
  );
  const nothing = { ...AHEAD, behind: { ...AHEAD.behind, nextOffset: null } };
  expect(mismatchText(nothing, group)).toContain('has applied nothing there');
  expect(mismatchText(CLUSTER, group)).toContain('has read cluster a, but this is cluster b');
});

it('says that a store at the same path is another one, and does not send there', () => {
  const replaced: StoreMismatch = { ...ANOTHER, path: used.path };
  expect(mismatchText(replaced, group)).toContain(
    `uses another store, which is or was at ${used.path} on issuer-1`,
  );
  const check = checkStoreOfGroup({ ...replaced, group, host: 'issuer-1' });
  expect(checkText(check).fix).toBe('coupons store take-over --dry-run');
});

it('names a database by its URL alone, which means the same on every host', () => {
  const onDatabase = (url: string): StoreMismatch => ({ ...ANOTHER, used: { ...used, path: url } });
  const shared = 'postgres://u@localhost-1:5432/sale?schema=s';
  expect(mismatchText(onDatabase(shared), group)).toContain(`uses the store ${shared}, not`);
  const local = ['localhost/sale', '/sale', '127.0.0.1:1/d', '[::1]/d', '%2Fvar%2Frun/d'];
  for (const url of local.map((place) => `postgres://u@${place}`)) {
    expect(mismatchText(onDatabase(url), group)).toContain(`uses the store ${url} on issuer-1`);
  }
  const check = checkStoreOfGroup({ ...onDatabase(shared), group, host: 'another' });
  expect(checkText(check).fix).toBe(`coupons doctor --store '${shared}'`);
});

it('fails a check of doctor, whose fix looks at the store of the group where it is on this machine', () => {
  const fixOn = (host: string, mismatch: StoreMismatch, ofGroup = group) => {
    const check = checkStoreOfGroup({ ...mismatch, group: ofGroup, host });
    expect(check.status).toBe('fail');
    return checkText(check).fix;
  };
  expect(fixOn('issuer-1', ANOTHER)).toBe("coupons doctor --store '/it'\\''s/other.db'");
  expect(fixOn('other', ANOTHER, 'mine')).toBe('coupons store take-over --group mine --dry-run');
  expect(fixOn('other', AHEAD)).toBe('coupons store take-over --dry-run');
  expect(fixOn('other', CLUSTER)).toBe('coupons context show');
});

it('is no failure where there is no store here, and says which one the group uses', () => {
  const none = { code: 'NO_STORE_TO_COMPARE', group, host: 'h', path } as const;
  expect(checkStoreOfGroup({ ...none, used: null }).status).toBe('pass');
  const check = checkStoreOfGroup({ ...none, used });
  expect(check.status).toBe('warn');
  expect(checkText(check).detail).toContain(used.path);
  expect(checkText(check).fix).toBeNull();
  const unused = besideStoreOfGroup([
    checkStore(path, null, null),
    checkStoreOfGroup({ ...none, used: null }),
  ]);
  expect(unused[0] && checkText(unused[0]).fix).toContain('coupons campaigns create');
});

describe('a store that is missing here, while the group uses one elsewhere, is never to be created', () => {
  const fixOn = (host: string, usedPath: string, seen: StoreHealth | null = null) => {
    const found = { code: 'NO_STORE_TO_COMPARE', group, host, path } as const;
    const compared = checkStoreOfGroup({ ...found, used: { ...used, path: usedPath } });
    const [check] = besideStoreOfGroup([checkStore(path, seen, null), compared]);
    expect(check?.status).toBe(usedPath === path ? 'fail' : 'warn');
    return check && checkText(check).fix;
  };

  it('nor where the cluster did not say whether there is one', () => {
    const unanswered = besideStoreOfGroup([
      checkStore(path, null, null),
      notChecked('store-of-group'),
    ]);
    expect(unanswered[0] && checkText(unanswered[0])).toEqual({
      detail: `none at ${path}; whether the group has a store elsewhere is not known`,
      fix: 'run coupons doctor again when the cluster answers',
    });
  });

  it('at another path of this machine it is looked at', () => {
    expect(fixOn('issuer-1', used.path)).toBe("coupons doctor --store '/it'\\''s/other.db'");
  });

  it('at this very path it was renamed or lost, which is a failure, and a backup replaces it', () => {
    const restored = `\`coupons store copy --from <newest backup> --to ${path}\` and \`coupons store take-over\``;
    const putBack = 'if it was renamed or moved, put it back; else';
    expect(fixOn('issuer-1', path)).toBe(`${putBack} ${restored}`);
    expect(fixOn('issuer-1', path, EMPTY)).toBe(`${putBack} \`rm ${path}\`, then ${restored}`);
  });

  it('on another host it is used there, or moved here', () => {
    const from = "`coupons store copy --from '/it'\\''s/other.db' --to move.db`";
    expect(fixOn('h', used.path)).toBe(
      `use it on issuer-1; or move it here: stop its consumers, there ${from}, here \`coupons store copy --from move.db --to ${path}\``,
    );
  });
});

it('a store that can not be read has one fix, of the check of the store', () => {
  const failure = { code: 'STORE_CORRUPT', message: 'It is damaged.', hint: 'Move it away.' };
  const checks = besideStoreOfGroup([checkStore(path, failure, null), checkStoreOfGroup(failure)]);
  const [ofStore, ofGroup] = checks.map((check) => checkText(check).fix);
  expect(ofStore).toContain(`coupons store copy --from <newest backup> --to ${path}`);
  expect(ofGroup).toBeNull();
});

it('is the first step of advise, and the only one for the group', () => {
  const advice = advise(facts({ mismatch: AHEAD, host: 'h' }));
  expect(advice.findings[0]).toMatchObject({ code: AHEAD.code, severity: 'critical' });
  expect(advice.steps.map(({ code }) => code)).toEqual(['USE_THE_GROUPS_STORE']);
  const [step] = advice.steps;
  expect(step && stepText(step).command).toBe('coupons store take-over --dry-run');
});

import { beforeEach, describe, expect, it } from 'vitest';
import { copyStore } from '../../../src/copy/copy-store.js';
import type { CouponStore } from '../../../src/ports/coupon-store.js';
import type { StoreCopyEnd } from '../../../src/ports/store-copy.js';
import { wholeOf } from '../../support/memory/copy-end.js';
import { contentsOf, EVER } from '../../support/stores/store-contents.js';
import { fill, LETTERS } from './filled.js';
import { event } from './history.js';
import { PartitionLog, request } from './log.js';

/** A place where no store is yet. */
export interface Place {
  readonly end: StoreCopyEnd;
  /** Opens the store there, or creates one; whoever gives this closes it after the test. */
  readonly open: () => CouponStore | Promise<CouponStore>;
}

export type NewPlace = () => Place | Promise<Place>;

const silent = () => undefined;

/** What a store says of what happened. */
const HISTORY: readonly ((store: CouponStore) => Promise<unknown>)[] = [
  (store) => store.events(EVER, 100),
  (store) => store.outcomesByMinute(EVER),
  (store) => store.countedSinceMs(),
];

/** Holds two kinds of stores to the laws of StoreCopyEnd (src/ports/store-copy.ts), one as source and one as target. */
export function copyContract(name: string, newSource: NewPlace, newTarget: NewPlace): void {
  describe(name, () => {
    let source: Place;
    let target: Place;
    let original: CouponStore;
    beforeEach(async () => {
      [source, target] = [await newSource(), await newTarget()];
      original = await source.open();
      await fill(original);
    });

    it('a copy holds all that the store held', async () => {
      await copyStore(source.end, target.end, silent);

      expect(await wholeOf(target.end)).toEqual(await wholeOf(source.end));
      const copy = await target.open();
      expect(await contentsOf(copy)).toEqual(await contentsOf(original));
      expect(await copy.identity()).toEqual(await original.identity());
      for (const letter of LETTERS) expect(await copy.wasReplayed(letter)).toBe(true);
      for (const ask of HISTORY) expect(await ask(copy)).toEqual(await ask(original));
    });

    it('the copy of an empty store is an empty store', async () => {
      const [empty, place] = [await newSource(), await newTarget()];
      await empty.open();

      await copyStore(empty.end, place.end, silent);

      expect(await wholeOf(place.end)).toEqual(await wholeOf(empty.end));
    });

    it('the copy knows what version 0.1 has decided', async () => {
      const [old, place] = [await newSource(), await newTarget()];
      const { head } = await wholeOf(source.end);
      await old.end.create((store) =>
        store.putHead({ ...head, campaigns: [], versions: [], lastIdOf01: 7 }),
      );

      await copyStore(old.end, place.end, silent);

      const copy = await place.open();
      expect(await copy.snapshot((snapshot) => snapshot.lastIdOf01())).toBe(7);
    });

    it('what was copied there and back is the same', async () => {
      const back = await newSource();

      await copyStore(source.end, target.end, silent);
      await copyStore(target.end, back.end, silent);

      expect(await wholeOf(back.end)).toEqual(await wholeOf(source.end));
    });

    it('a group goes on in the copy as it would in the store', async () => {
      const goOn = async (store: CouponStore) => {
        const log = new PartitionLog(store, { partition: 4 });
        const applied = await log.apply(
          request(1, 1, { eventId: 'again' }),
          request(1, 1, { eventId: '3b241101-e2bb-4255-8caf-4136c566a962' }),
          request(1, 88, { eventId: 'new' }),
          request(Number.MAX_SAFE_INTEGER, 88, { eventId: 'new' }),
        );
        const { outcomes, campaigns } = await contentsOf(store);
        return {
          applied,
          campaigns,
          rows: outcomes.slice(-3).map((row) => ({ ...row, id: null })),
        };
      };
      await copyStore(source.end, target.end, silent);

      expect(await goOn(await target.open())).toEqual(await goOn(original));
    });

    it('ids go on behind the last one of the copy', async () => {
      await copyStore(source.end, target.end, silent);
      const copied = await wholeOf(target.end);

      const copy = await target.open();
      await new PartitionLog(copy, { partition: 5 }).apply(request(3, 1));
      await copy.recordEvents([event(7)]);

      const { records, events } = await wholeOf(target.end);
      expect(records.at(-1)?.id).toBeGreaterThan(copied.records.at(-1)?.id ?? Infinity);
      expect(events.at(-1)?.id).toBeGreaterThan(copied.events.at(-1)?.id ?? Infinity);
    });

    it('a store that is there is never written to', async () => {
      await fill(await target.open());
      const before = await wholeOf(target.end);

      await expect(copyStore(source.end, target.end, silent)).rejects.toMatchObject({
        code: 'STORE_EXISTS',
        exitCode: 1,
      });

      expect(await wholeOf(target.end)).toEqual(before);
    });

    it('a copy that fails leaves nothing, and can be made again', async () => {
      const failing = target.end.create(async (store) => {
        const { head, records } = await wholeOf(source.end);
        await store.putHead(head);
        await store.addRecords(records);
        throw new Error('failed on the way');
      });
      await expect(failing).rejects.toThrow('failed on the way');
      expect(await target.end.exists()).toBe(false);

      await copyStore(source.end, target.end, silent);

      expect(await wholeOf(target.end)).toEqual(await wholeOf(source.end));
    });

    it('it is one state, whatever is written meanwhile', async () => {
      const before = await wholeOf(source.end);
      const log = new PartitionLog(original, { partition: 6 });

      await source.end.read(async (contents) => {
        await log.apply(request(3, 1), request(Number.MAX_SAFE_INTEGER, 1234));
        await original.recordEvents([event(7)]);
        await original.createCampaign(8, { ...(before.head.campaigns[0] ?? expect.fail()) });
        await target.end.create(async (store) => {
          await store.putHead(await contents.head());
          for await (const page of contents.records()) await store.addRecords(page);
          for await (const page of contents.replayedLetters()) await store.addReplayedLetters(page);
          for await (const page of contents.events()) await store.addEvents(page);
          for await (const page of contents.outcomeMinutes()) await store.addOutcomeMinutes(page);
        });
      });

      expect(await wholeOf(target.end)).toEqual(before);
    });
  });
}

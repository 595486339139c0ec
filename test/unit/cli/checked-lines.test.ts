import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { checkLines, checkedRecords } from '../../../src/cli/produce/checked-lines.js';
import { readRequests } from '../../../src/produce/request-file.js';

const line = (userId: number) => `{"couponId":1,"userId":${String(userId)}}`;
const BAD = 'not a request';

const lines = (...text: readonly string[]) =>
  readRequests(Readable.from(text.map((each) => `${each}\n`)), {
    ...{ name: 'its-file', format: 'jsonl' },
    now: () => 0,
  });

/** The users of a file that has other lines when it is sent than when it was checked. */
async function sent(whenChecked: readonly string[], whenSent: readonly string[]) {
  const checked = await checkLines(lines(...whenChecked));
  const users: number[] = [];
  const records = checkedRecords(lines(...whenSent), checked, 'a.jsonl');
  try {
    for await (const { value } of records) {
      users.push((JSON.parse(String(value)) as { userId: number }).userId);
    }
    return { users, error: null };
  } catch (error) {
    return { users, error };
  }
}

describe('a file that is read a second time, to be sent', () => {
  it('is sent as it was checked', async () => {
    const file = [line(1), BAD, line(2)];
    expect(await sent(file, file)).toEqual({ users: [1, 2], error: null });
    expect(await sent([], [])).toEqual({ users: [], error: null });
  });

  it('is sent without the lines that were appended since then', async () => {
    expect(await sent([line(1)], [line(1), BAD, line(2)])).toEqual({ users: [1], error: null });
    expect(await sent([], [line(1)])).toEqual({ users: [], error: null });
  });

  it.each([
    ['shorter', [line(1), line(2), line(3)], [line(1)], [1]],
    ['empty', [line(1), line(2)], [], []],
    ['bad in another line', [line(1), line(2)], [line(1), BAD], [1]],
    ['good in a line that was bad', [line(1), BAD], [line(1), line(2)], [1]],
  ])('fails where it has become %s', async (_how, whenChecked, whenSent, users) => {
    const result = await sent(whenChecked, whenSent);
    expect(result.users).toEqual(users);
    expect(result.error).toMatchObject({ code: 'FILE_CHANGED', exitCode: 1 });
  });
});

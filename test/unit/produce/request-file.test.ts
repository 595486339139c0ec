import { createReadStream } from 'node:fs';
import { tmpdir } from 'node:os';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { FileFormat } from '../../../src/produce/file-format.js';
import { readRequests, type FileLine } from '../../../src/produce/request-file.js';

const NOW_MS = Date.UTC(2026, 10, 22, 12);

async function read(format: FileFormat, text: string): Promise<readonly FileLine[]> {
  return all(readRequests(Readable.from([Buffer.from(text)]), fileOf(format)));
}

const fileOf = (format: FileFormat) => ({ name: 'its-file', format, now: () => NOW_MS });

async function all<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const collected: T[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}

/** What is sent for a line. */
function valueOf(line: FileLine | undefined): string {
  return line?.ok === true ? String(line.record.value) : '';
}

/** "line couponId/userId", or "line !". */
async function sketch(format: FileFormat, text: string): Promise<readonly string[]> {
  return (await read(format, text)).map((line) => {
    if (!line.ok) return `${line.line} !`;
    const { couponId, userId } = JSON.parse(valueOf(line)) as Record<string, unknown>;
    expect(String(line.record.key)).toBe(String(couponId));
    return `${line.line} ${JSON.stringify(couponId)}/${JSON.stringify(userId)}`;
  });
}

describe('JSON lines', () => {
  it('are read with their numbers; blank lines, CRLF and a byte order mark do no harm', async () => {
    const text = '\uFEFF{"couponId":1,"userId":2}\r\n\r\n  \n{"couponId":1,"userId":3}';
    expect(await sketch('jsonl', text)).toEqual(['1 1/2', '4 1/3']);
  });

  it('that are bad are named, and those after them are read', async () => {
    const text =
      '{"couponId":1}\n{oops\n{"couponId":1,"userId":"x2"}\n[]\n{"couponId":1,"userId":5}\n';
    const lines = await read('jsonl', text);
    expect(lines.map((line) => (line.ok ? 'ok' : line.reason))).toEqual([
      'userId is missing',
      expect.stringContaining('not JSON'),
      'userId is "x2", not an integer from 1 to 2^53 - 1',
      expect.stringContaining('not a JSON object'),
      'ok',
    ]);
    expect(lines.map(({ line }) => line)).toEqual([1, 2, 3, 4, 5]);
  });

  it('are completed where fields are missing, and kept where they are given', async () => {
    const [filled, given] = await read(
      'jsonl',
      '{"couponId":1,"userId":2}\n{"couponId":1,"userId":3,"eventId":"mine","timestamp":5,"note":"x"}',
    );
    expect(JSON.parse(valueOf(filled))).toEqual({
      eventId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
      eventType: 'COUPON_ISSUE_REQUESTED',
      occurredAt: '2026-11-22T12:00:00.000Z',
      couponId: 1,
      userId: 2,
      timestamp: NOW_MS,
    });
    expect(JSON.parse(valueOf(given))).toMatchObject({ eventId: 'mine', timestamp: 5, note: 'x' });
  });

  it('may have ids as strings of digits, and are sent with numbers', async () => {
    expect(await sketch('jsonl', '{"couponId":"1","userId":"0042"}')).toEqual(['1 1/42']);
  });

  it('are completed where a field is null, and other nulls are kept', async () => {
    const [line] = await read('jsonl', '{"couponId":1,"userId":2,"eventId":null,"note":null}');
    const value = JSON.parse(valueOf(line)) as Record<string, unknown>;
    expect(value['eventId']).toEqual(expect.stringMatching(/^[0-9a-f-]{36}$/));
    expect(value['note']).toBeNull();
  });

  it('keep the digits of numbers in other fields, and show those of a wrong id', async () => {
    const [kept, wrong] = await read(
      'jsonl',
      '{"couponId":1,"userId":2,"orderId":9007199254740993,"timestamp":1795739916.004557251}\n{"couponId":1,"userId":9007199254740993}',
    );
    expect(valueOf(kept)).toContain('"orderId":9007199254740993');
    expect(valueOf(kept)).toContain('"timestamp":1795739916.004557251');
    expect(wrong).toMatchObject({
      ok: false,
      reason: 'userId is 9007199254740993, not an integer from 1 to 2^53 - 1',
    });
  });

  it('keep times of other systems as they are', async () => {
    const [line] = await read('jsonl', '{"couponId":1,"userId":2,"occurredAt":[2026,11,27,0,38]}');
    expect(valueOf(line)).toContain('"occurredAt":[2026,11,27,0,38]');
  });
});

describe('CSV', () => {
  it('is read by its header, with quotes, CRLF, blank lines and a byte order mark', async () => {
    const text = '\uFEFFuserId,couponId,note\r\n2,1,"a, ""b"""\r\n\r\n3,1,\r\n';
    expect(await sketch('csv', text)).toEqual(['2 1/2', '4 1/3']);
  });

  it('keeps the digits of numbers that a double cannot hold', async () => {
    const text =
      'couponId,userId,timestamp,orderId\n1,2,1795739916004557251,007\n1,9007199254740993,,\n';
    const [kept, wrong] = await read('csv', text);
    expect(JSON.parse(valueOf(kept))).toMatchObject({
      ...{ couponId: 1, userId: 2, timestamp: '1795739916004557251', orderId: '007' },
    });
    const reason = 'userId is "9007199254740993", not an integer from 1 to 2^53 - 1';
    expect(wrong).toMatchObject({ ok: false, reason });
  });

  it('with too few or empty cells is named line by line', async () => {
    const text = 'couponId,userId\n1,2\n1\n,3\n1,x\n1,-4\n1,5,more\n';
    expect(await sketch('csv', text)).toEqual(['2 1/2', '3 !', '4 !', '5 !', '6 !', '7 !']);
  });

  it('with another number of columns than its header is named, not guessed at', async () => {
    const lines = await read('csv', 'couponId,userId\n1,234,567\n1\n1,2\n');
    expect(lines).toMatchObject([
      { ok: false, line: 2, reason: 'it has 3 columns, the header has 2' },
      { ok: false, line: 3, reason: 'it has 1 column, the header has 2' },
      { ok: true, line: 4 },
    ]);
  });

  it.each([
    [
      'coupon,user\n1,2\n',
      'it is "coupon,user", and names no column couponId and no column userId',
    ],
    ['couponId;userId\n1;2\n', 'it is "couponId;userId", separated by ";", and names no column'],
    ['1,42\n1,43\n', 'it is "1,42", and names no column couponId'],
    ['couponId,userId,userId\n1,2,3\n', 'it names userId twice'],
    ['couponId,user"Id\n1,2\n', 'not CSV'],
    ['\n\n', 'it is empty'],
    ['', 'it is empty'],
  ])('without a header that names the columns is named once: %j', async (text, why) => {
    const failure = await read('csv', text).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'BAD_LINES' });
    expect(failure).toHaveProperty('message', expect.stringContaining(`The header of its-file`));
    expect(failure).toHaveProperty('message', expect.stringContaining(why));
  });

  it('that is no CSV is named by the line, in its place', async () => {
    const lines = await sketch('csv', 'couponId,userId\n1,2\n1,"3\n');
    expect(lines[0]).toBe('2 1/2');
    expect(lines[1]).toMatch(/^[34] !$/);
    expect(lines).toHaveLength(2);
    const within = 'couponId,userId\n1,2\n1,x"3\n1,4\n';
    expect(await sketch('csv', within)).toEqual(['2 1/2', '3 !', '4 1/4']);
  });
});

it.each(['jsonl', 'csv'] as const)(
  'a file that cannot be read is an error, not an end: %s',
  async (format) => {
    const lines = readRequests(createReadStream(tmpdir()), fileOf(format));
    await expect(all(lines)).rejects.toThrow('EISDIR');
  },
);

describe.each(['jsonl', 'csv'] as const)('a file that is no text in UTF-8, as %s', (format) => {
  const reading = (...chunks: readonly Buffer[]) =>
    all(readRequests(Readable.from(chunks), fileOf(format)));

  it.each([
    ['UTF-16', Buffer.from('\uFEFFcouponId,userId', 'utf16le')],
    ['an Excel workbook', Buffer.from('PK\u0003\u0004\u0000')],
    ['compressed', Buffer.from([0x1f, 0x8b, 8, 0])],
    ['is not text', Buffer.from('\u007fELF\u0002\u0000\u0000')],
    ['is not text', Buffer.from('couponId,userId\n1,2,\ucfe0', 'latin1').fill(0xfd, 20)],
    ['is not text', Buffer.from([0xed, 0x95])],
  ])('is named once: %s', async (what, bytes) => {
    const failure = await reading(bytes).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'BAD_LINES' });
    expect(failure).toHaveProperty('message', expect.stringContaining(what));
    expect(failure).toHaveProperty('message', expect.stringContaining('Nothing was sent.'));
  });

  it('may have its characters cut between two reads', async () => {
    const text = Buffer.from(
      format === 'csv'
        ? 'couponId,userId,note\n1,2,쿠폰\n'
        : '{"couponId":1,"userId":2,"note":"쿠폰"}\n',
    );
    const cut = text.indexOf('쿠') + 1;
    const [line] = await reading(text.subarray(0, cut), text.subarray(cut));
    expect(valueOf(line)).toContain('쿠폰');
  });

  it('says how many lines are', async () => {
    const good = Buffer.from('couponId,userId\n1,2\n');
    const failure = await reading(good, Buffer.from([0xff])).catch((error: unknown) => error);
    expect(failure).toHaveProperty('message', expect.stringContaining('The first 2 lines are.'));
  });
});

import { describe, expect, it } from 'vitest';
import { DLQ_TOPIC, REQUEST_TOPIC } from '../../../../../src/coupon/topics.js';
import { deadLetterOf } from '../../../../../src/dead-letters/dead-letter.js';
import { letterIdentity } from '../../../../../src/dead-letters/letter-identity.js';
import type { Headers } from '../../../../../src/ports/log.js';
import { wholeLetter } from '../../../../../src/serve/console/letters/whole-letter.js';
import { UnreachableError } from '../../../../../src/errors.js';
import { MemoryCluster } from '../../../../support/memory/cluster.js';
import type { NewRecord } from '../../../../support/memory/log.js';
import { MemoryStore } from '../../../../support/memory/store.js';
import { request } from '../../../../support/requests.js';

const TRACEPARENT = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

async function cluster(): Promise<MemoryCluster> {
  const made = new MemoryCluster();
  const topic = { partitions: 1, replicationFactor: 1, config: {} };
  await made.createTopics([
    { name: REQUEST_TOPIC, ...topic },
    { name: DLQ_TOPIC, ...topic },
  ]);
  return made;
}

/** A record that died, and its letter. */
function die(kafka: MemoryCluster, record: NewRecord, maxBytes = 4_000_000) {
  const died = kafka.append(REQUEST_TOPIC, 0, record);
  const failure = { reasonCode: 'X', reason: 'it failed', retryCount: 3, stackTrace: 'at here' };
  const letter = deadLetterOf(died, failure, { nowMs: Date.UTC(2026, 10, 27), maxBytes });
  return kafka.append(DLQ_TOPIC, 0, letter);
}

const show = (kafka: MemoryCluster, store = new MemoryStore(), offset = 0n) =>
  wholeLetter({ reader: kafka, readStore: () => Promise.resolve(store) }, { partition: 0, offset });

const textOf = (text: string) => ({ text, sizeBytes: Buffer.byteLength(text), isCut: false });

/** The header as the page has it. */
const shown = (
  headers: readonly { readonly name: string; readonly value: object }[],
  name: string,
) => headers.filter((header) => header.name === name).map(({ value }) => value);

describe('a whole dead letter', () => {
  it('has the original as a replay sends it, and the letter as it is', async () => {
    const kafka = await cluster();
    const value = `{ "note": "\\u0041", ${String(request(1, 42).value).slice(1)}`;
    const letter = die(kafka, {
      key: Buffer.from('1'),
      value: Buffer.from(value),
      headers: { traceparent: Buffer.from(TRACEPARENT) },
    });
    expect(await show(kafka)).toMatchObject({
      partition: 0,
      offset: '0',
      reasonCode: 'X',
      failureReason: 'it failed',
      couponId: 1,
      userId: 42,
      lastAttemptAt: '2026-11-27T00:00:00.000Z',
      stackTrace: 'at here',
      key: textOf('1'),
      original: textOf(value),
      isOriginalLost: false,
      value: textOf(String(letter.value)),
      traceparent: TRACEPARENT,
      wasReplayed: false,
      omittedHeaders: 0,
    });
  });

  it('says whether it was replayed; not where the store is away', async () => {
    const kafka = await cluster();
    const letter = die(kafka, { value: request(1, 1).value });
    const store = new MemoryStore();
    await store.rememberReplayed([letterIdentity(letter, await kafka.clusterId())]);
    expect((await show(kafka, store)).wasReplayed).toBe(true);

    const away = () => Promise.reject(new UnreachableError('STORE_UNREACHABLE', 'gone'));
    const letterWithout = await wholeLetter(
      { reader: kafka, readStore: away },
      { partition: 0, offset: 0n },
    );
    expect(letterWithout).toMatchObject({ wasReplayed: null, reasonCode: 'X' });
  });

  it('says that the original is lost where the letter was cut and the log has it no longer', async () => {
    const kafka = await cluster();
    die(kafka, { value: Buffer.from(`"${'x'.repeat(5000)}"`) }, 2000);
    expect(await show(kafka)).toMatchObject({
      isOriginalLost: false,
      original: { sizeBytes: 5002 },
    });
    kafka.log(REQUEST_TOPIC).deleteBefore(0, 1n);
    expect(await show(kafka)).toMatchObject({ isOriginalLost: true, original: null });
  });

  it('has the original out of the letter where its topic can’t be read', async () => {
    const kafka = await cluster();
    const { value } = request(1, 1);
    die(kafka, { value });
    kafka.log(REQUEST_TOPIC).offline.add(0);
    expect(await show(kafka)).toMatchObject({ original: textOf(String(value)) });
  });

  it('has no original where the record had no value', async () => {
    const kafka = await cluster();
    die(kafka, {});
    expect(await show(kafka)).toMatchObject({ original: null, isOriginalLost: false, key: null });
  });

  it('shows what another program wrote as it is, and never as markup or as an escape', async () => {
    const kafka = await cluster();
    const script = '<script>alert("재고")</script>';
    const headers: Headers = {
      [script]: Buffer.from(script),
      '\u001b[31m': Buffer.from('\u001b[31m'),
      twice: [Buffer.from('a'), Buffer.from([0xff]), Buffer.from('c')],
      empty: Buffer.alloc(0),
      'coupon-dlq-reason': Buffer.from(script),
      'coupon-dlq-origin-topic': Buffer.from('no/such topic'),
      'coupon-dlq-origin-partition': Buffer.from('7'),
      'coupon-dlq-origin-offset': Buffer.from('9223372036854775807'),
      'coupon-dlq-replay-count': Buffer.from('9007199254740993'),
    };
    kafka.append(DLQ_TOPIC, 0, {
      key: Buffer.from('a\0b'),
      value: Buffer.from(
        `{"originalEvent":{"couponId":"${script.replaceAll('"', "'")}","lone":"\\ud800"},"failureReason":"\\ud800\\u0000","stackTrace":"\\u001b[2J"}`,
      ),
      headers,
    });

    const letter = await show(kafka);

    expect(letter).toMatchObject({
      reasonCode: script,
      couponId: null,
      replayCount: Number.MAX_SAFE_INTEGER,
      origin: { topic: 'no/such topic', partition: 7, offset: '9223372036854775807' },
      key: { base64: Buffer.from('a\0b').toString('base64') },
    });
    expect(shown(letter.headers, script)).toEqual([textOf(script)]);
    expect(shown(letter.headers, '\u001b[31m')).toEqual([
      { base64: Buffer.from('\u001b[31m').toString('base64'), sizeBytes: 5, isCut: false },
    ]);
    expect(shown(letter.headers, 'twice')).toEqual([
      textOf('a'),
      { base64: '/w==', sizeBytes: 1, isCut: false },
      textOf('c'),
    ]);
    expect(shown(letter.headers, 'empty')).toEqual([textOf('')]);
    // What the page gets is JSON in UTF-8, whatever stands in the letter.
    const sent = Buffer.from(JSON.stringify(letter));
    expect(JSON.parse(sent.toString())).toEqual(letter);
  });

  it('has of what is huge its beginning, and its size', async () => {
    const kafka = await cluster();
    const huge = 'x'.repeat(1_000_000);
    const many = Object.fromEntries(
      Array.from({ length: 600 }, (_, index) => [`h${index}`, Buffer.from('v')]),
    );
    kafka.append(DLQ_TOPIC, 0, {
      value: Buffer.from(huge),
      headers: { big: Buffer.from(huge), [huge]: Buffer.from('1'), ...many },
    });
    const letter = await show(kafka);
    expect(letter.value).toMatchObject({ sizeBytes: 1_000_000, isCut: true });
    expect(shown(letter.headers, 'big')).toMatchObject([{ sizeBytes: 1_000_000, isCut: true }]);
    expect(letter.headers).toHaveLength(500);
    expect(letter.omittedHeaders).toBe(102);
    expect(JSON.stringify(letter).length).toBeLessThan(2_000_000);
  });

  it('is an error where there is none, which says what there is', async () => {
    const kafka = await cluster();
    await expect(show(kafka)).rejects.toMatchObject({
      code: 'LETTER_NOT_FOUND',
      message: 'There is no dead letter at 0:0: partition 0 is empty.',
    });
    die(kafka, {});
    await expect(show(kafka, new MemoryStore(), 5n)).rejects.toMatchObject({
      message: 'There is no dead letter at 0:5: partition 0 holds the offsets 0 to 0.',
    });
  });
});

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { DLQ_TOPIC } from '../../../src/coupon/topics.js';
import * as contract from '../../support/json-contract/contract.js';
import { letterOf } from '../../support/letters.js';
import { usePipeline } from '../../support/pipeline.js';
import { request } from '../../support/requests.js';
import { temporaryDir } from '../../support/temporary-dir.js';

const pipeline = usePipeline();
const HUGE = 'h'.repeat(200_000);

const hostile: readonly Readonly<Record<string, string | string[]>>[] = [
  { 'no-value': '' },
  { twice: ['1', '2'], 'coupon-dlq-reason': ['FIRST', 'LAST'] },
  { huge: HUGE },
  { 'coupon-dlq-origin-topic': 'another-topic' },
  { 'coupon-dlq-origin-partition': '99', 'coupon-dlq-origin-offset': '9223372036854775807' },
  { 'coupon-dlq-origin-partition': '4294967296', 'coupon-dlq-origin-offset': 'x' },
  { 'coupon-dlq-replay-count': '9007199254740993' },
  { ['\u001b[2J']: '\u001b]0;owned\u0007', __proto__x: '\u202egnp.exe' },
];

describe('dead letters with headers that no program of ours writes', () => {
  beforeAll(async () => {
    await pipeline.reset();
    const letters = hostile.map((headers, index) => {
      const letter = letterOf(request(1, index + 1));
      return { ...letter, headers: { ...letter.headers, ...headers } };
    });
    await pipeline.send(letters, DLQ_TOPIC);
  });

  it('are all shown by peek, in JSON as they are', async () => {
    const { messages } = await pipeline.json(contract.dlqPeek, ['dlq', 'peek']);
    expect(messages).toHaveLength(hostile.length);
    expect(messages[1]).toMatchObject({ reasonCode: 'LAST', headers: { twice: ['1', '2'] } });
    expect(messages[2]?.headers['huge']).toBe(HUGE);
    expect(messages[3]?.origin).toMatchObject({ topic: 'another-topic' });
    expect(messages[4]?.origin).toMatchObject({ partition: 99, offset: '9223372036854775807' });
    expect(messages[5]?.origin).toBeNull();
    expect(messages[6]).toMatchObject({ replayCount: Number.MAX_SAFE_INTEGER });
    expect(messages[6]?.headers['coupon-dlq-replay-count']).toBe('9007199254740993');
  });

  it.each(hostile.map((headers, offset) => [Object.keys(headers)[0] ?? '', offset] as const))(
    'are shown whole: %j',
    async (header, offset) => {
      const { code, stdout } = await pipeline.run(['dlq', 'show', `0:${offset}`]);
      expect(code).toBe(0);
      // eslint-disable-next-line no-control-regex -- they are what must not be there
      expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
      expect(stdout).toContain(header.replaceAll('\u001b', '\\u001b'));
    },
  );

  it('are counted and exported', async () => {
    const stats = await pipeline.json(contract.dlqStats, ['dlq', 'stats']);
    expect(stats).toMatchObject({ matched: hostile.length });
    const file = join(temporaryDir(), 'letters.jsonl');
    await pipeline.run(['dlq', 'export', '--file', file]);
    expect((await readFile(file, 'utf8')).trimEnd().split('\n')).toHaveLength(hostile.length);
    expect((await pipeline.run(['dlq', 'stats'])).code).toBe(0);
  });
});

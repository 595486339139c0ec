import { describe, expect, it } from 'vitest';
import { drawStatistics } from '../../../../src/cli/dlq/draw-statistics.js';
import { LetterCauses } from '../../../../src/dead-letters/causes.js';
import { readDeadLetter } from '../../../../src/dead-letters/read.js';
import { LetterStatistics } from '../../../../src/dead-letters/statistics.js';
import { Output } from '../../../../src/output/output.js';

const terminal = { isTTY: true, columns: 80, write: () => true };
const output = new Output({
  ...{ format: 'table', color: false, quiet: false, verbose: false },
  ...{ stdout: terminal, stderr: terminal },
});

function letterOf(failure: string) {
  return readDeadLetter({
    ...{ topic: 'dlq', partition: 0, offset: 3n, timestamp: 1n, key: null, value: null },
    headers: { 'kafka_dlt-exception-message': Buffer.from(failure) },
  });
}

describe('the causes that `dlq stats` draws', () => {
  it('spell out what would colour or break a line of the terminal', () => {
    const [statistics, causes] = [new LetterStatistics(), new LetterCauses()];
    const letter = letterOf('\u001b[32mPASS\r\nall sent');
    statistics.add(letter);
    causes.add(letter, { kind: 'waiting' });
    const drawn = drawStatistics(
      output,
      { total: 1, statistics, causes },
      'hour',
      Date.UTC(2026, 10, 23),
    );
    expect(drawn).toContain(String.raw`\u001b[32mPASS all sent `);
    expect(drawn).not.toContain('\u001b');
  });
});

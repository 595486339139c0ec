import { describe, expect, it } from 'vitest';
import { logLine, type LogEntry } from '../../../src/output/log-format.js';

const entry: LogEntry = {
  atMs: Date.UTC(2026, 10, 22, 10),
  level: 'warn',
  logger: 'Kafka Consumer',
  message: 'not JSON: "\u001B[2J\u009B31m\u2028\n"',
  fields: { kind: 'retry', offset: 9_007_199_254_740_993n, couponId: null },
};

describe('a line of the log', () => {
  it('is one line to read, which can not steer the terminal', () => {
    expect(logLine('text', entry)).toBe(
      '2026-11-22T10:00:00.000Z WARN  [Kafka Consumer] not JSON: "�[2J�31m� "\n',
    );
  });

  it('is one JSON object that says the same, and in which nothing steers the terminal either', () => {
    const line = logLine('json', entry);
    expect(line).toMatch(/^[\u0020-\u007e]*\n$/);
    expect(line).toMatch(/^\{"time":"[^"]+","level":"warn","logger":"Kafka Consumer","message":/);
    expect(JSON.parse(line)).toEqual({
      time: '2026-11-22T10:00:00.000Z',
      level: 'warn',
      logger: 'Kafka Consumer',
      message: entry.message,
      kind: 'retry',
      offset: '9007199254740993',
      couponId: null,
    });
  });
});

import { Chalk } from 'chalk';
import { describe, expect, it } from 'vitest';
import { rowOf } from '../../../src/bench/row.js';
import { drawBench } from '../../../src/cli/bench/draw.js';
import { markdownOf } from '../../../src/cli/bench/markdown.js';
import type { BenchReport } from '../../../src/cli/bench/report.js';
import { displayWidth } from '../../../src/output/width.js';

const run = (requests: number, elapsedMs: number) => ({
  ...{ requests, elapsedMs, issued: requests },
  audit: 'PASS' as const,
});

const report: BenchReport = {
  environment: {
    ...{ coupons: '0.2.0', node: '20.20.2', sqlite: '3.53.2', system: 'Linux 6.1' },
    ...{ processors: 2, processor: 'AMD EPYC', memoryBytes: 24 * 2 ** 30 },
    ...{ syncedAppendsPerSecond: 2600, broker: 'embedded', store: 'sqlite', members: 3 },
    latencyRequestsPerSecond: 10,
  },
  rows: [
    rowOf('scheduler', [run(300, 10_000)], [{ p50: 2500, p99: 4900 }]),
    rowOf('batch', [run(10_000, 250), run(10_000, 200)], [{ p50: 250, p99: 510 }]),
  ],
};

const output = (columns: number) => ({
  ...{ isTerminal: columns !== Infinity, columns, paint: new Chalk({ level: 0 }) },
});

describe('coupons bench', () => {
  it('draws a row a mode, the fastest with the longest bar', () => {
    const [head, scheduler, batch] = drawBench(output(120), report).split('\n');
    expect(head).toMatch(/^MODE +REQUESTS +ISSUED +AUDIT +P50 +P99 +10,000 IN .* PER SECOND$/);
    expect(scheduler).toMatch(/^scheduler .* 2\.5 s +4\.9 s +~8 min 15 s .* 20\.0 {2}▏$/);
    expect(batch).toMatch(/^batch .* 225 ms +40,000–50,000 +45,000 {2}█+$/);
  });

  it('fits a terminal of 80 columns', () => {
    const lines = drawBench(output(80), report).split('\n');
    for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(80);
    expect(lines[2]).toMatch(/^batch .* 45,000/);
  });

  it('draws no bars into a pipe', () => {
    expect(drawBench(output(Infinity), report)).not.toContain('█');
  });

  it("says that the scheduler's 10,000 are computed, and where all of it was measured", () => {
    const drawn = drawBench(output(Infinity), report);
    expect(drawn).toContain('scheduler: one run of 300 requests in 10.0 s');
    expect(drawn).toContain('2 × AMD EPYC, 24 GiB, Linux 6.1; Node.js 20.20.2, SQLite 3.53.2');
    expect(drawn).toContain('the disk syncs 2,600 appends of 4 KiB a second.');
  });

  it('writes the same as Markdown, with the spread of the latency', () => {
    const lines = markdownOf(report).split('\n');
    expect(lines).toContain(
      '| batch | 10,000 | 10,000 | PASS | 45,000 | 40,000–50,000 | 225 ms | 250 ms | 250 ms–250 ms | 510 ms | 510 ms–510 ms |',
    );
    expect(lines.filter((line) => line.startsWith('|'))).toHaveLength(4);
  });
});

import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';

export interface Checked {
  readonly code: number;
  /** What it printed, stdout and stderr. */
  readonly said: string;
}

/** Runs promtool, which comes with Prometheus. Rejects where it is not installed. */
export async function promtool(args: readonly string[], input = ''): Promise<Checked> {
  const child = spawn('promtool', args, { stdio: ['pipe', 'pipe', 'pipe'] });
  const exit = new Promise<number>((resolve, reject) => {
    child.once('error', (error) =>
      reject(
        new Error('These tests need Prometheus: apt-get install prometheus.', { cause: error }),
      ),
    );
    child.once('close', (code) => resolve(code ?? 1));
  });
  child.stdin.end(input);
  const [code, stdout, stderr] = await Promise.all([exit, text(child.stdout), text(child.stderr)]);
  return { code, said: stdout + stderr };
}

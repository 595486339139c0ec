import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { eventually } from '../support/eventually.js';
import { RULES_FILE } from '../support/monitoring-files.js';
import { temporaryDir } from '../support/temporary-dir.js';

const answer = <Data extends z.ZodType>(data: Data) =>
  z.object({ status: z.literal('success'), data });

const Vector = answer(
  z.object({
    result: z.array(
      z.object({
        metric: z.record(z.string(), z.string()),
        value: z.tuple([z.number(), z.string()]),
      }),
    ),
  }),
);
const Targets = answer(
  z.object({
    activeTargets: z.array(
      z.object({
        labels: z.object({ job: z.string() }),
        health: z.string(),
        lastError: z.string(),
      }),
    ),
  }),
);
const Alerts = answer(
  z.object({
    alerts: z.array(
      z.object({ labels: z.object({ alertname: z.string() }).loose(), state: z.string() }),
    ),
  }),
);

export interface Series {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface Target {
  readonly job: string;
  readonly health: string;
  readonly lastError: string;
}

/** A Prometheus that scrapes and evaluates our rules every second. An alert fires at once instead of after minutes. */
export class Prometheus {
  readonly #dir = temporaryDir();
  #process: ChildProcess | null = null;
  #url = '';
  #said = '';

  /** `targets`: the URL of what each job scrapes. */
  async start(targets: Readonly<Record<string, string>>): Promise<void> {
    writeFileSync(join(this.#dir, 'rules.yml'), atOnce(readFileSync(RULES_FILE, 'utf8')));
    writeFileSync(join(this.#dir, 'prometheus.yml'), JSON.stringify(configuration(targets)));
    const child = spawn('prometheus', [
      `--config.file=${join(this.#dir, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(this.#dir, 'data')}`,
      '--web.listen-address=127.0.0.1:0',
    ]);
    this.#process = child;
    process.once('exit', () => child.kill());
    child.stderr.on('data', (chunk: Buffer) => (this.#said += chunk.toString()));
    await once(child, 'spawn').catch((cause: unknown) => {
      throw new Error('These tests need Prometheus: apt-get install prometheus.', { cause });
    });
    const [, address] = await eventually(() => {
      if (child.exitCode !== null) throw new Error(`Prometheus ended: ${this.#said}`);
      return /msg="Listening on" address=(\S+)/.exec(this.#said) ?? false;
    });
    this.#url = `http://${String(address)}`;
    await eventually(async () => (await fetch(`${this.#url}/-/ready`)).ok);
  }

  async targets(): Promise<readonly Target[]> {
    const { activeTargets } = await this.#get('targets', Targets);
    return activeTargets.map(({ labels, ...rest }) => ({ ...labels, ...rest }));
  }

  /** The series of a query now. Throws what Prometheus says of a query that it does not understand. */
  async query(query: string): Promise<readonly Series[]> {
    const { result } = await this.#get(
      `query?${new URLSearchParams({ query }).toString()}`,
      Vector,
    );
    return result.map(({ metric, value: [, value] }) => ({ labels: metric, value: Number(value) }));
  }

  /** The names of the alerts that fire. */
  async firing(): Promise<readonly string[]> {
    const { alerts } = await this.#get('alerts', Alerts);
    return alerts.filter(({ state }) => state === 'firing').map(({ labels }) => labels.alertname);
  }

  async stop(): Promise<void> {
    const child = this.#process;
    if (child?.pid === undefined || child.exitCode !== null) return;
    child.kill();
    await once(child, 'exit');
  }

  async #get<Data>(
    path: string,
    schema: z.ZodType<{ readonly status: 'success'; readonly data: Data }>,
  ): Promise<Data> {
    const response = await fetch(`${this.#url}/api/v1/${path}`);
    const body = await response.text();
    if (!response.ok) throw new Error(`${path}: ${body}\n${this.#said}`);
    return schema.parse(JSON.parse(body)).data;
  }
}

/** The rules, but that no alert waits before it fires. */
function atOnce(rules: string): string {
  return rules.replaceAll(/^ *for: .*\n/gm, '');
}

function configuration(targets: Readonly<Record<string, string>>): object {
  return {
    global: { scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '1s' },
    rule_files: ['rules.yml'],
    scrape_configs: Object.entries(targets).map(([job, url]) => {
      const { host, pathname } = new URL(url);
      return { job_name: job, metrics_path: pathname, static_configs: [{ targets: [host] }] };
    }),
  };
}

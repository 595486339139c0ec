import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Coupons } from './coupons.js';
import { CAMPAIGNS } from './requests.js';

/** The modes that are measured. `batchSize`: how many records share a transaction. */
export const MODES = {
  single: { label: 'single', batchSize: 1 },
  batch100: { label: 'batch of 100', batchSize: 100 },
  batch500: { label: 'batch of 500', batchSize: 500 },
};

export function modeArguments(mode) {
  const { batchSize } = MODES[mode];
  if (batchSize === 1) return ['--mode', 'single'];
  return ['--mode', 'batch', '--batch-size', String(batchSize)];
}

/** Runs `coupons consume`, each time with a new store and a new group. */
export class ConsumeRuns {
  #brokers;
  #workspace;
  #runs = 0;
  /** By stock: a data directory whose store has the campaigns. */
  #templates = new Map();

  constructor({ brokers, workspace }) {
    this.#brokers = brokers;
    this.#workspace = workspace;
  }

  /**
   * Reads all requests, with this stock of each of the ten campaigns, and gives its summary
   * (docs/contract.md, "consume"). Throws where it has not decided `count` requests.
   */
  async drain({ mode, stock, count }) {
    const { coupons, group, remove } = await this.prepare(stock);
    const args = ['consume', ...modeArguments(mode), '--group', group, '--until-drained'];
    const summary = await coupons.json(args);
    remove();
    const issued = Math.min(stock * CAMPAIGNS, count);
    if (summary.records !== count || summary.outcomes.ISSUED !== issued) {
      throw new Error(`not ${issued} of ${count} issued: ${JSON.stringify(summary)}`);
    }
    return summary;
  }

  /** A new store with the campaigns, a new group, and the executable that uses them. */
  async prepare(stock) {
    const template = await this.#template(stock);
    this.#runs += 1;
    const group = `bench-${this.#runs}`;
    const dataDir = join(this.#workspace, group);
    cpSync(template, dataDir, { recursive: true });
    const coupons = new Coupons({ brokers: this.#brokers, dataDir });
    return { coupons, group, remove: () => rmSync(dataDir, { recursive: true }) };
  }

  async #template(stock) {
    const made = this.#templates.get(stock);
    if (made !== undefined) return made;
    const dataDir = join(this.#workspace, `stock-${stock}`);
    mkdirSync(dataDir);
    const coupons = new Coupons({ dataDir });
    for (let id = 1; id <= CAMPAIGNS; id += 1) {
      await coupons.json(['campaigns', 'create', String(id), '--stock', String(stock)]);
    }
    this.#templates.set(stock, dataDir);
    return dataDir;
  }
}

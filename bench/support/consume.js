import {
  closeSync,
  cpSync,
  fsyncSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  rmSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import { Coupons } from './coupons.js';
import { CAMPAIGNS, campaignIds } from './requests.js';

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

/** Creates the campaigns, ten of them by default, in the store of `coupons`, with this stock each. */
export async function createCampaigns(coupons, stock, firstCampaign, campaigns) {
  for (const id of campaignIds(firstCampaign, campaigns)) {
    await coupons.json(['campaigns', 'create', String(id), '--stock', String(stock)]);
  }
}

/** Runs `coupons consume`, each time with a new group and a store that has nothing of these requests. */
export class ConsumeRuns {
  #brokers;
  #workspace;
  #campaigns;
  #runs = 0;
  /** By stock: a data directory whose store has the campaigns. */
  #templates = new Map();

  constructor({ brokers, workspace, campaigns = CAMPAIGNS }) {
    this.#brokers = brokers;
    this.#campaigns = campaigns;
    this.#workspace = mkdtempSync(join(workspace, 'runs-'));
  }

  /**
   * Reads all requests, with this stock of each of the campaigns, and gives its summary
   * (docs/contract.md, "consume"). Throws where it has not decided `count` requests.
   */
  async drain({ mode, stock, count }) {
    const place = await this.prepare(stock);
    const issued = Math.min(stock * this.#campaigns, count);
    const summary = await drain(place, { mode, count, issued });
    place.remove();
    return summary;
  }

  /** A store with the campaigns: `{coupons, group, dataDir, remove}`. */
  async prepare(stock) {
    return this.copyOf(await this.#template(stock));
  }

  /** A copy of a data directory, which is on the disk when this resolves. */
  copyOf(template) {
    this.#runs += 1;
    const group = `bench-${this.#runs}`;
    const dataDir = join(this.#workspace, group);
    cpSync(template, dataDir, { recursive: true });
    for (const name of readdirSync(dataDir)) syncFile(join(dataDir, name));
    const coupons = new Coupons({ brokers: this.#brokers, dataDir });
    return { coupons, group, dataDir, remove: () => rmSync(dataDir, { recursive: true }) };
  }

  async #template(stock) {
    const made = this.#templates.get(stock);
    if (made !== undefined) return made;
    const dataDir = join(this.#workspace, `stock-${stock}`);
    mkdirSync(dataDir);
    await createCampaigns(new Coupons({ dataDir }), stock, 1, this.#campaigns);
    this.#templates.set(stock, dataDir);
    return dataDir;
  }
}

/**
 * Runs `consume`, with further arguments, to the end of the log. Throws where it has not issued `issued` of `count`
 * requests.
 */
export async function drain({ coupons, group }, { mode, count, issued, further = [] }) {
  const args = ['consume', ...modeArguments(mode), '--group', group, '--until-drained'];
  const summary = await coupons.json([...args, ...further]);
  if (summary.records !== count || summary.outcomes.ISSUED !== issued) {
    throw new Error(`not ${issued} of ${count} issued: ${JSON.stringify(summary)}`);
  }
  return summary;
}

/** What is still to be written would slow down the syncs that are measured. */
function syncFile(path) {
  if (!statSync(path).isFile()) return;
  const file = openSync(path, 'r+');
  fsyncSync(file);
  closeSync(file);
}

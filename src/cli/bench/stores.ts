import { cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { GlobalOptions } from '../settings/options.js';
import { ownSchema, type OwnSchema, type Variables } from '../temporary/own-schema.js';

/** Where a command has its files and its store. */
export interface StorePlace {
  readonly dataDir: string;
  readonly env: Variables;
}

/** Gives a store its campaigns. */
export type FillStore = (place: StorePlace) => Promise<void>;

/** The stores of a benchmark, a new one for each run. */
export interface BenchStores {
  /** For the report: "sqlite", or the URL of a PostgreSQL server. */
  readonly name: string;
  /** A store that was filled, with its files in `dataDir`, which is not there yet. */
  newStore(dataDir: string, fill: FillStore): Promise<StorePlace>;
  /** What of them is not below the benchmark's directory. */
  remove(): Promise<void>;
}

/** Only what stands on the command line counts: what a variable or a context names is a store in use. */
export function benchStores(
  { flags, store, storePassword }: GlobalOptions,
  directory: string,
): BenchStores {
  const isGiven = flags.store !== undefined;
  if (!isGiven || store.kind === 'sqlite') return new SqliteStores(join(directory, 'campaigns'));
  return new PostgresStores(() => ownSchema(store, storePassword, 'coupons_bench'));
}

/** The variable of a store in use must not reach the commands. */
export const IN_DATA_DIR: Variables = { COUPONS_STORE: '' };

/** Copies of one file that was filled once. */
class SqliteStores implements BenchStores {
  readonly name = 'sqlite';
  #isFilled = false;

  /** `template`: a directory that is not there yet. */
  constructor(private readonly template: string) {}

  async newStore(dataDir: string, fill: FillStore): Promise<StorePlace> {
    if (!this.#isFilled) {
      await mkdir(this.template);
      await fill({ dataDir: this.template, env: IN_DATA_DIR });
      this.#isFilled = true;
    }
    await cp(this.template, dataDir, { recursive: true });
    return { dataDir, env: IN_DATA_DIR };
  }

  async remove(): Promise<void> {
    // They are below the directory of the benchmark.
  }
}

class PostgresStores implements BenchStores {
  readonly name: string;
  readonly #schemas: OwnSchema[] = [];

  constructor(private readonly newSchema: () => OwnSchema) {
    this.name = newSchema().server;
  }

  async newStore(dataDir: string, fill: FillStore): Promise<StorePlace> {
    const schema = this.newSchema();
    this.#schemas.push(schema);
    await mkdir(dataDir);
    const place = { dataDir, env: { ...schema.env, ...schema.secrets } };
    await fill(place);
    return place;
  }

  async remove(): Promise<void> {
    for (const schema of this.#schemas.splice(0)) await schema.drop();
  }
}

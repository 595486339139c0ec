import pg from 'pg';
import { campaignIds } from './requests.js';
import { importSource } from './source.js';

/** The server for tests has less memory than a server has by default. */
const SETTINGS = { shared_buffers: '128MB' };

/** A PostgreSQL server that is started for a benchmark, with the settings that it comes with: synced at each commit. */
export class Postgres {
  #server;
  #admin;
  #openStore;

  static async start() {
    const { startLocalServer } = await importSource('src/store/postgres/local/local-server.ts', [
      'pg',
    ]);
    const { openPostgresStore } = await importSource('src/store/postgres/open.ts', ['pg']);
    const server = await startLocalServer({ settings: SETTINGS });
    const admin = new pg.Client(clientOf(server));
    await admin.connect();
    const { rows } = await admin.query("SELECT current_setting('server_version') AS version");
    return new Postgres({ server, admin, openStore: openPostgresStore, version: rows[0].version });
  }

  constructor({ server, admin, openStore, version }) {
    this.#server = server;
    this.#admin = admin;
    this.#openStore = openStore;
    this.name = `PostgreSQL ${version}`;
  }

  /** Of the process whose children do the work. */
  get pid() {
    return this.#server.process.pid;
  }

  /**
   * A store in a schema of its own with so many campaigns of this stock: `{env, drop}`, where `env` makes it the
   * store of a command.
   */
  async newStore({ schema, campaigns, stock }) {
    const url = `${this.#server.url}?schema=${schema}`;
    const store = await this.#openStore({ client: clientOf(this.#server), schema, name: url });
    const terms = { name: null, totalQuantity: stock, status: 'ACTIVE' };
    for (const id of campaignIds(1, campaigns)) {
      await store.createCampaign(id, { ...terms, validFromMs: null, validUntilMs: null });
    }
    await store.close();
    // What is still to be written would slow down what is measured.
    await this.#admin.query('CHECKPOINT');
    return {
      env: { COUPONS_STORE: url, PGPASSWORD: this.#server.password },
      drop: () => this.#admin.query(`DROP SCHEMA ${pg.escapeIdentifier(schema)} CASCADE`),
    };
  }

  async stop() {
    await this.#admin.end();
    await this.#server.remove();
  }
}

function clientOf({ port, password }) {
  return { host: '127.0.0.1', port, user: 'coupons', database: 'postgres', password };
}

import pg from 'pg';
import { campaignIds } from './requests.js';
import { importSource } from './source.js';

/** The server for tests has less memory than a server has by default. */
const DEFAULTS = { shared_buffers: '128MB' };
const PLACE = { host: '127.0.0.1', user: 'coupons', database: 'postgres' };
const OPEN_TERMS = { name: null, status: 'ACTIVE', validFromMs: null, validUntilMs: null };

/** A PostgreSQL server that is started for a benchmark, with the settings that it comes with: synced at each commit. */
export class Postgres {
  #server;
  #openStore;
  /** As a superuser. */
  admin;

  /** `version`: the major one; `settings`: of postgresql.conf. */
  static async start({ version = 18, settings = {} } = {}) {
    const { startLocalServer } = await importSource('src/store/postgres/local/local-server.ts', [
      'pg',
    ]);
    const { openPostgresStore } = await importSource('src/store/postgres/open.ts', ['pg']);
    const server = await startLocalServer({ version, settings: { ...DEFAULTS, ...settings } });
    const admin = new pg.Client({ ...PLACE, port: server.port, password: server.password });
    await admin.connect();
    const { rows } = await admin.query("SELECT current_setting('server_version') AS version");
    const name = `PostgreSQL ${rows[0].version}`;
    return new Postgres({ name, server, admin, openStore: openPostgresStore });
  }

  constructor({ name, server, admin, openStore }) {
    this.#server = server;
    this.#openStore = openStore;
    this.admin = admin;
    this.name = name;
  }

  /** Of the process whose children do the work. */
  get pid() {
    return this.#server.process.pid;
  }

  /** Opens the store in a schema, and creates it where there is none. */
  openStore(schema) {
    return this.#openStore({
      ...{ name: this.#url(schema), ...PLACE, port: this.#server.port, schema },
      ...{ sslMode: 'disable', sslRootCert: null, sslCert: null, sslKey: null },
      password: () => this.#server.password,
    });
  }

  /**
   * A store in a schema of its own with so many campaigns of this stock: `{env, drop}`, where `env` makes it the
   * store of a command.
   */
  async newStore({ schema, campaigns, stock }) {
    const store = await this.openStore(schema);
    for (const id of campaignIds(1, campaigns)) {
      await store.createCampaign(id, { ...OPEN_TERMS, totalQuantity: stock });
    }
    await store.close();
    // What is still to be written would slow down what is measured.
    await this.admin.query('CHECKPOINT');
    return {
      env: { COUPONS_STORE: this.#url(schema), PGPASSWORD: this.#server.password },
      drop: () => this.admin.query(`DROP SCHEMA ${pg.escapeIdentifier(schema)} CASCADE`),
    };
  }

  async stop() {
    await this.admin.end();
    await this.#server.remove();
  }

  #url(schema) {
    return `${this.#server.url}?schema=${schema}`;
  }
}

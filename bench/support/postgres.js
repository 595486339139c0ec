import pg from 'pg';
import { campaignIds } from './requests.js';
import { importSource } from './source.js';

/** The server for tests has less memory than a server has by default. */
const DEFAULTS = { shared_buffers: '128MB' };
const ADMIN = { host: '127.0.0.1', user: 'coupons', database: 'postgres' };
const OPEN_TERMS = { name: null, status: 'ACTIVE', validFromMs: null, validUntilMs: null };

/** A PostgreSQL server that is started for a benchmark, with the settings that it comes with: synced at each commit. */
export class Postgres {
  #server;
  #openStore;
  /** The connection of a superuser to the database postgres. */
  admin;

  /** `version`: the major one; `settings`: of postgresql.conf. */
  static async start({ version = 18, settings = {} } = {}) {
    const { startLocalServer } = await importSource('src/store/postgres/local/local-server.ts', [
      'pg',
    ]);
    const { openPostgresStore } = await importSource('src/store/postgres/open.ts', ['pg']);
    const server = await startLocalServer({ version, settings: { ...DEFAULTS, ...settings } });
    const admin = new pg.Client({ ...ADMIN, port: server.port, password: server.password });
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

  /** Another connection, to the tables of a store. `place`: `{database, schema}`, as everywhere here. */
  async connect({ database, schema }) {
    const { password, port } = this.#server;
    const options = `-c search_path=${schema}`;
    const client = new pg.Client({ ...ADMIN, port, password, database, options });
    await client.connect();
    return client;
  }

  /** Opens a store, and creates it where there is none. */
  openStore(place) {
    return this.#openStore({
      ...{ name: this.#url(place), host: ADMIN.host, user: ADMIN.user, port: this.#server.port },
      ...place,
      ...{ sslMode: 'disable', sslRootCert: null, sslCert: null, sslKey: null },
      password: () => this.#server.password,
    });
  }

  /** Creates a store with campaigns of this stock. */
  async newStore(place, { firstCampaign, campaigns, stock }) {
    const store = await this.openStore(place);
    for (const id of campaignIds(firstCampaign, campaigns)) {
      await store.createCampaign(id, { ...OPEN_TERMS, totalQuantity: stock });
    }
    await store.close();
    await this.settle();
  }

  /** What is still to be written would slow down what is measured. */
  async settle() {
    await this.admin.query('CHECKPOINT');
  }

  /** The environment in which this is the store of a command. */
  envOf(place) {
    return { COUPONS_STORE: this.#url(place), COUPONS_STORE_PASSWORD: this.#server.password };
  }

  async stop() {
    await this.admin.end();
    await this.#server.remove();
  }

  #url({ database, schema }) {
    const url = new URL(this.#server.url);
    url.pathname = database;
    url.searchParams.set('schema', schema);
    return url.href;
  }
}

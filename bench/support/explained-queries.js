import pg from 'pg';

/** With them PostgreSQL tells the plan of each statement as it was executed, those inside functions too. */
const EXPLAINED = {
  session_preload_libraries: 'auto_explain',
  'auto_explain.log_min_duration': '0',
  'auto_explain.log_level': 'notice',
  'auto_explain.log_analyze': 'on',
  'auto_explain.log_buffers': 'on',
  'auto_explain.log_nested_statements': 'on',
  'auto_explain.log_format': 'json',
};

/** Has the plans told on connections that are opened from now on. `admin`: the user whose they are, a superuser. */
export async function tellPlans(admin) {
  await admin.query("LOAD 'auto_explain'"); // Its settings are not known before.
  for (const [name, value] of Object.entries(EXPLAINED)) {
    await admin.query(`ALTER ROLE CURRENT_USER SET ${name} = '${value}'`);
  }
}

/** Hears what the connections of this process tell: of each statement the execution that read most pages. */
export class ExplainedQueries {
  /** By the text of a prepared statement. */
  #names = new Map();
  #plans = new Map();

  constructor() {
    const { query, connect } = pg.Client.prototype;
    const heard = this;
    pg.Client.prototype.query = function (config, ...rest) {
      if (config?.name !== undefined) heard.#names.set(config.text.trim(), config.name);
      return query.call(this, config, ...rest);
    };
    pg.Client.prototype.connect = function (...args) {
      this.on('notice', ({ message }) => heard.#told(message));
      return connect.apply(this, args);
    };
  }

  /** What was told since the last time: `{text, name, ms, plan}`; `name` is undefined where it is not prepared. */
  take() {
    const plans = [...this.#plans.values()];
    this.#plans.clear();
    return plans;
  }

  #told(message) {
    const told = /^duration: (\d+\.\d+) ms {2}plan:\n(.*)$/s.exec(message);
    if (told === null) return;
    const explained = JSON.parse(told[2]);
    const text = explained['Query Text'].trim();
    const query = { text, name: this.#names.get(text), ms: Number(told[1]), plan: explained.Plan };
    const key = query.name ?? text;
    const before = this.#plans.get(key);
    if (before === undefined || pagesOf(before) < pagesOf(query)) this.#plans.set(key, query);
  }
}

/** How many pages it read, from memory or not. */
export function pagesOf({ plan }) {
  return plan['Shared Hit Blocks'] + plan['Shared Read Blocks'];
}

import { fileURLToPath } from 'node:url';
import { run, start } from './processes.js';

export const executable = fileURLToPath(new URL('../../bin/coupons.js', import.meta.url));

/** The executable with one set of settings, none of which comes from the user's own environment. */
export class Coupons {
  #env;

  /** `dataDir` is where its store and its log are; `env`: more settings. */
  constructor({ brokers, dataDir, env = {} }) {
    this.#env = {
      PATH: process.env.PATH,
      HOME: dataDir,
      NO_COLOR: '1',
      COUPONS_DATA_DIR: dataDir,
      COUPONS_OUTPUT: 'json',
      ...(brokers === undefined ? {} : { COUPONS_BROKERS: brokers }),
      ...env,
    };
  }

  /** Runs a command and gives its JSON. */
  async json(args, { input, env } = {}) {
    return JSON.parse(await this.run(args, { input, env }));
  }

  /** Runs a command and gives what it prints. */
  run(args, { input, env } = {}) {
    return run(process.execPath, [executable, ...args], { env: { ...this.#env, ...env }, input });
  }

  /** Starts a command: `{child, ended}`. */
  start(args) {
    return start(process.execPath, [executable, ...args], { env: this.#env });
  }
}

/** A console with scripted data behind the real server, on a port that stays the same when it goes away and comes back. */
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { readAssets } from '../../../src/serve/http/assets.js';
import { startConsoleServer } from '../../../src/serve/http/console-server.js';
import { FakeConsole, type Scenario } from '../../support/console/fake-console.js';

const TOKEN = 'the token of the tests, long enough';
const ASSETS = fileURLToPath(new URL('../../../dist/console', import.meta.url));

export class ServedFake {
  #server: Awaited<ReturnType<typeof startConsoleServer>> | null = null;
  #port = 0;

  private constructor(readonly console: FakeConsole) {}

  /** Until the test has finished, and its pages are closed. */
  static async start(scenario: Scenario = {}): Promise<ServedFake> {
    const served = new ServedFake(new FakeConsole(scenario));
    await served.start();
    onTestFinished(() => served.stop());
    return served;
  }

  /** Of the page, with the token. */
  get url(): string {
    return `http://127.0.0.1:${String(this.#port)}/?token=${encodeURIComponent(TOKEN)}`;
  }

  async start(): Promise<void> {
    this.#server = await startConsoleServer({
      console: this.console,
      clock: {
        now: () => Date.now(),
        wait: () => Promise.resolve(),
      },
      host: '127.0.0.1',
      port: this.#port,
      flags: { host: '--host', port: '--port' },
      token: TOKEN,
      allowedHosts: [],
      assets: readAssets(ASSETS),
      metrics: () => Promise.resolve({ contentType: 'text/plain', text: '' }),
    });
    this.#port = this.#server.port;
  }

  /** Its streams end, and its port is free again. */
  async stop(): Promise<void> {
    await this.#server?.close();
    this.#server = null;
  }
}

/** `coupons serve` of the real executable, as its page sees it. */
import { get, type IncomingMessage } from 'node:http';
import { once } from 'node:events';
import type { ConsoleEventName, ConsoleEvents } from '../../../src/serve/console/wire/events.js';
import type { RunningCoupons } from '../command-line/cli.js';
import * as contract from '../json-contract/contract.js';
import { eventually } from '../eventually.js';
import { ask, type Answered } from './http-client.js';
import type { Operator } from '../command-line/operator.js';

export class ServedConsole {
  readonly port: number;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #latest = new Map<ConsoleEventName, string>();
  #unread = '';

  private constructor(
    readonly run: RunningCoupons,
    { url }: contract.Serve,
  ) {
    const { port, searchParams } = new URL(url);
    this.port = Number(port);
    this.#headers = { authorization: `Bearer ${searchParams.get('token') ?? ''}` };
  }

  /** Starts it and looks at it. */
  static async start(operator: Operator, args: readonly string[] = []): Promise<ServedConsole> {
    const run = operator.start(['serve', '--port', '0', '-o', 'json', ...args]);
    const [line] = await run.waitFor(/^\{.*\}$/m);
    const served = new ServedConsole(run, contract.serve.parse(JSON.parse(line)));
    await served.look();
    return served;
  }

  /** What the stream said last under this name. Throws where nothing came yet. */
  latest<Name extends ConsoleEventName>(name: Name): ConsoleEvents[Name] {
    const json = this.#latest.get(name);
    if (json === undefined) throw new Error(`No ${name} came yet.`);
    return JSON.parse(json) as ConsoleEvents[Name];
  }

  /** Waits until the event of this name is as wanted, and gives it. */
  until<Name extends ConsoleEventName>(
    name: Name,
    isWanted: (data: ConsoleEvents[Name]) => boolean,
  ): Promise<ConsoleEvents[Name]> {
    return eventually(() => {
      const data = this.latest(name);
      if (isWanted(data)) return { data };
      throw new Error(`The latest ${name}: ${JSON.stringify(data)}`);
    }).then(({ data }) => data);
  }

  get(path: string): Promise<Answered> {
    return ask(this.port, { path, headers: this.#headers });
  }

  post(path: string, body: unknown = {}): Promise<Answered> {
    return ask(this.port, {
      method: 'POST',
      path,
      headers: { ...this.#headers, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  }

  async stop(): Promise<void> {
    this.run.kill('SIGTERM');
    await this.run.exit;
  }

  /** Looks as one who comes now: what is known comes first. */
  async look(): Promise<void> {
    const stream = { host: '127.0.0.1', port: this.port, path: '/api/stream', agent: false };
    const request = get({ ...stream, headers: this.#headers });
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    // It ends with the server, by which the test has seen enough.
    response.on('error', () => undefined);
    response.setEncoding('utf8').on('data', (text: string) => {
      this.#hear(text);
    });
  }

  #hear(text: string): void {
    const events = (this.#unread + text).split('\n\n');
    this.#unread = events.pop() ?? '';
    for (const event of events) {
      const found = /^event: (\w+)\ndata: (.*)$/m.exec(event);
      if (found === null) continue;
      const [, name = '', json = ''] = found;
      this.#latest.set(name as ConsoleEventName, json);
    }
  }
}

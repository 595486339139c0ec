import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import type { Account } from './binaries.js';

/**
 * Starts the server, prints its pid and waits for a line. The end of its input without one means that our process was
 * killed: then the server is ended, also one that SIGSTOP holds, and its directory removed. Only the processes
 * of the server keep stderr open, so that its end means that none of them is left.
 */
const GUARD = `
directory=$1
shift
"$@" </dev/null >/dev/null &
echo $!
exec >/dev/null 2>&1
read -r line && exit
kill -QUIT $!
kill -CONT $!
wait $!
rm -rf "$directory"`;

const KEPT_OUTPUT_CHARACTERS = 4_000;

export interface ServerCommand {
  /** Removed if this process is killed. */
  readonly directory: string;
  readonly postgres: string;
  readonly args: readonly string[];
  readonly account: Account | null;
}

/** A PostgreSQL server that runs: the postmaster and its children. They end with our process, even if that is killed. */
export class ServerProcess {
  #output = '';
  #hasEnded = false;
  /** Resolves when none of its processes is left. */
  readonly ended: Promise<void>;

  private constructor(
    private readonly guard: ChildProcessByStdio<Writable, Readable, Readable>,
    /** Of the postmaster. */
    readonly pid: number,
  ) {
    guard.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#output = (this.#output + text).slice(-KEPT_OUTPUT_CHARACTERS);
    });
    this.ended = this.#end();
  }

  static async start(command: ServerCommand): Promise<ServerProcess> {
    const { directory, postgres, args, account } = command;
    const guard = spawn('sh', ['-c', GUARD, 'sh', directory, postgres, ...args], {
      ...account,
      cwd: directory,
      env: { PATH: process.env['PATH'] },
      // A ctrl-C on the terminal ends first what uses the server.
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    await once(guard, 'spawn');
    const [line] = (await once(guard.stdout, 'data')) as [Buffer];
    return new ServerProcess(guard, Number(line.toString()));
  }

  /** The last of what the server has logged. */
  get output(): string {
    return this.#output;
  }

  /** Resolves when the server takes connections; false: it has ended instead. Rejects when the signal aborts. */
  async ready(signal: AbortSignal): Promise<boolean> {
    const isReady = () => this.#output.includes('ready to accept connections');
    const logged = async () => {
      while (!isReady()) await once(this.guard.stderr, 'data', { signal });
    };
    await Promise.race([logged(), this.ended]);
    return isReady();
  }

  /** Sends a signal to the postmaster, unless it has ended: until then the guard keeps its pid from another process. */
  signal(signal: NodeJS.Signals): void {
    if (!this.#hasEnded) process.kill(this.pid, signal);
  }

  async #end(): Promise<void> {
    const exited = once(this.guard, 'exit');
    await once(this.guard.stderr, 'end');
    this.#hasEnded = true;
    this.guard.stdin.end('\n');
    await exited;
  }
}

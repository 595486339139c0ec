import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import type { Account } from './binaries.js';

/**
 * Starts the command, prints its pid and waits for a line. The end of its input without one means that our process was
 * killed: then the command is ended, also one that SIGSTOP holds, and the directory removed. Only the command
 * and its children keep stderr open, so that its end means that none of them is left.
 */
const GUARD = `
directory=$1
shift
"$@" </dev/null >/dev/null &
echo $!
exec >/dev/null 2>&1
if read -r line; then
  wait $!
  exit
fi
kill -QUIT $!
kill -CONT $!
wait $!
rm -rf "$directory"`;

const KEPT_OUTPUT_CHARACTERS = 4_000;

export interface GuardedCommand {
  /** Where it runs, and what is removed if our process is killed. */
  readonly directory: string;
  readonly program: string;
  readonly args: readonly string[];
  readonly account: Account | null;
}

/** One of PostgreSQL's programs and its children. They end with our process, even if that is killed. */
export class GuardedProcess {
  #output = '';
  #hasEnded = false;
  /** Resolves to the program's exit code when neither it nor a child of it is left. */
  readonly ended: Promise<number>;

  private constructor(
    private readonly guard: ChildProcessByStdio<Writable, Readable, Readable>,
    readonly pid: number,
  ) {
    guard.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#output = (this.#output + text).slice(-KEPT_OUTPUT_CHARACTERS);
    });
    this.ended = this.#end();
  }

  static async start(command: GuardedCommand): Promise<GuardedProcess> {
    const { directory, program, args, account } = command;
    const guard = spawn('sh', ['-c', GUARD, 'sh', directory, program, ...args], {
      ...account,
      cwd: directory,
      // initdb would look for the time zone of this machine in all that there are.
      env: { PATH: process.env['PATH'], TZ: 'UTC' },
      // A ctrl-C on the terminal ends first what uses the server.
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    await once(guard, 'spawn');
    const [line] = (await once(guard.stdout, 'data')) as [Buffer];
    return new GuardedProcess(guard, Number(line.toString()));
  }

  /** The last of what it has written to stderr. */
  get output(): string {
    return this.#output;
  }

  /** Resolves to whether its output has this text: false where it has ended without. Rejects when the signal aborts. */
  async says(text: string, signal: AbortSignal): Promise<boolean> {
    const hasSaid = () => this.#output.includes(text);
    const said = async () => {
      while (!hasSaid()) await once(this.guard.stderr, 'data', { signal });
    };
    await Promise.race([said(), this.ended]);
    return hasSaid();
  }

  /** Sends it a signal, unless it has ended: until then the guard keeps its pid from another process. */
  signal(signal: NodeJS.Signals): void {
    if (!this.#hasEnded) process.kill(this.pid, signal);
  }

  async #end(): Promise<number> {
    const exited = once(this.guard, 'exit') as Promise<[number]>;
    await once(this.guard.stderr, 'end');
    this.#hasEnded = true;
    this.guard.stdin.end('\n');
    const [code] = await exited;
    return code;
  }
}

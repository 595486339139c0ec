import type { z } from 'zod';
import { coupons, startCoupons, type Run, type RunOptions, type RunningCoupons } from './cli.js';
import { failure } from '../json-contract/contract.js';

export interface Failure {
  readonly exitCode: number;
  readonly code: string;
  readonly message: string;
  readonly hint: string | null;
}

/** Somebody who types commands with these variables in the environment. */
export class Operator {
  constructor(
    protected readonly environment: () => Readonly<Record<string, string>> = () => ({}),
  ) {}

  /** Runs one command to its end, whatever its exit code. */
  run(args: readonly string[], options: RunOptions = {}): Promise<Run> {
    return coupons(args, this.#with(options));
  }

  /** Starts a command that goes on. */
  start(args: readonly string[], options: Pick<RunOptions, 'env' | 'input'> = {}): RunningCoupons {
    return startCoupons(args, this.#with(options));
  }

  /** The JSON document of a command that ends with exit code 0 (or `code`), checked by its schema. */
  async json<Schema extends z.ZodType>(
    schema: Schema,
    args: readonly string[],
    { code = 0, ...options }: RunOptions & { readonly code?: number } = {},
  ): Promise<z.infer<Schema>> {
    const run = await this.run([...args, '--output', 'json'], options);
    if (run.code !== code) {
      throw new Error(
        `coupons ${args.join(' ')}: exit code ${run.code}, not ${code}.\n${run.stdout}\n${run.stderr}`,
      );
    }
    return schema.parse(run.json());
  }

  /** The error of a command that fails: as JSON, alone on stdout, and with no stack trace anywhere. */
  async failure(args: readonly string[], options: RunOptions = {}): Promise<Failure> {
    const run = await this.run([...args, '--output', 'json'], options);
    if (run.code === 0) throw new Error(`coupons ${args.join(' ')} did not fail: ${run.stdout}`);
    if (/^\s+at /m.test(run.stdout + run.stderr)) {
      throw new Error(`coupons ${args.join(' ')} shows a stack trace: ${run.stdout}${run.stderr}`);
    }
    return { exitCode: run.code, ...failure.parse(run.json()).error };
  }

  #with<Options extends Pick<RunOptions, 'env'>>(options: Options): Options {
    return { ...options, env: { ...this.environment(), ...options.env } };
  }
}

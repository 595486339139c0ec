import { Option, type Command } from 'commander';
import type { ProcessEnds, Services } from './services.js';
import type { CommandResult } from './result.js';
import { CONSUMER_GROUP } from '../coupon/topics.js';
import type { OutputFormat } from '../output/output.js';
import { duration, name } from './arguments.js';
import type { GlobalOptions } from './settings/options.js';
import { resolveOptions, type ContextUse } from './settings/settings.js';

/** A verb of a noun: it gets the services, its options and its arguments. */
export interface CommandModule<Options, Args extends readonly unknown[]> {
  run(services: Services, options: Options, ...args: Args): Promise<CommandResult>;
}

/** What main.ts needs to know after the command. */
export interface Session extends ProcessEnds {
  result: CommandResult;
  /** Of stdout, once the options are known. */
  format: OutputFormat | undefined;
}

/** Declares commands whose action is loaded only when it is run. */
export class Declaration {
  constructor(private readonly session: Session) {}

  /**
   * The action of `command`: loads the module, builds its services, runs it, closes everything. `adapted`: what the
   * options of every command are for this one.
   */
  action<Options, Args extends readonly unknown[]>(
    load: () => Promise<CommandModule<Options, Args>>,
    use: ContextUse = 'strict',
    adapted: (options: GlobalOptions) => GlobalOptions = (options) => options,
  ): (...given: unknown[]) => Promise<void> {
    return async (...given) => {
      const command = given.at(-1) as Command;
      const globalOptions = adapted(resolveOptions(rootOf(command), process.env, use));
      this.session.format = globalOptions.format;
      const { Services } = await import('./services.js');
      const services = new Services(globalOptions, this.session);
      try {
        const module = await load();
        const args = given.slice(0, -2) as unknown as Args;
        const options = command.optsWithGlobals() as Options;
        this.session.result = await module.run(services, options, ...args);
      } finally {
        await services.close();
      }
    };
  }
}

/** The program that a command is part of. */
function rootOf(command: Command): Command {
  return command.parent === null ? command : rootOf(command.parent);
}

/** The words behind `coupons` that call a command. */
export function pathOf(command: Command): readonly string[] {
  return command.parent === null ? [] : [...pathOf(command.parent), command.name()];
}

export function yesOption(): Option {
  return new Option('-y, --yes', 'do not ask');
}

export function dryRunOption(): Option {
  return new Option('--dry-run', 'show what would be done, change nothing');
}

export function groupOption(): Option {
  return new Option('--group <name>', 'the consumer group').default(CONSUMER_GROUP).argParser(name);
}

/** Kafka's own producer has the same default (delivery.timeout.ms). */
export function deliveryTimeoutOption(): Option {
  return new Option(
    '--delivery-timeout <duration>',
    'how long a batch is sent again while its partition has no leader',
  )
    .default(120, '120s')
    .argParser(duration);
}

/** A command line, and what it does. */
export type Example = readonly [string, string];

const EXAMPLES = new WeakMap<Command, readonly Example[]>();

/** What the Examples section of a command's help has. */
export function examples(command: Command, given: readonly Example[]): Command {
  EXAMPLES.set(command, given);
  return command;
}

export function examplesOf(command: Command): readonly Example[] {
  return EXAMPLES.get(command) ?? [];
}

/**
 * What stands between a command and a change: the line that says what it changes, the question, and the name of a
 * protected context. docs/contexts.md, "Protected contexts".
 */
import { CliError, UsageError } from '../../errors.js';
import { NO_CONTEXT } from '../../config/config-file.js';
import type { Output } from '../../output/output.js';
import type { GlobalOptions } from '../settings/options.js';
import { protectingContext } from './protection.js';
import { spellTarget, type Target } from './target.js';

/** What the user has said on the command line. */
export interface Consent {
  readonly yes?: boolean;
}

export interface Question {
  /** Without its question mark: "Delete 3 dead letters". */
  readonly text: string;
  readonly target: Target;
  /** Of the command: the hint then offers --dry-run. */
  readonly hasDryRun: boolean;
}

/** The terminal to ask on. */
export interface Asking {
  readonly canAsk: boolean;
  /** Throws InterruptedError. */
  answerTo(question: string): Promise<string>;
}

/** Adds the id of the cluster to a target, where it is known. Throws where the change itself would. */
export type Identify = (target: Target) => Promise<Target>;

export class Confirmation {
  constructor(
    private readonly options: GlobalOptions,
    private readonly output: Output,
    private readonly asking: Asking,
    private readonly identify: Identify,
    private readonly env: NodeJS.ProcessEnv,
  ) {}

  /**
   * Asks on a terminal unless --yes was given. Throws UsageError where there is no terminal and no --yes, CliError
   * NOT_CONFIRMED on a no, InterruptedError on ctrl-C. A protected context takes its name for a yes, and nothing else.
   * Gives the name by which --confirm-context lets further commands make the same change.
   */
  async ask(question: Question, { yes = false }: Consent): Promise<string> {
    const { text, target, hasDryRun } = question;
    const guard = this.#guard(target);
    if (!yes && !this.asking.canAsk) {
      const flags = guard === null ? '--yes' : `--yes and --confirm-context ${guard}`;
      throw new UsageError(
        `${text}? There is no terminal to ask on, so nothing was done.`,
        hasDryRun ? `Give ${flags}, or --dry-run to look first.` : `Give ${flags}.`,
      );
    }
    const asksName = guard !== null && !this.#isConfirmed(guard);
    await this.#show(target, !yes || asksName);
    if (asksName) await this.#askName(guard, `${text}?`);
    else if (!yes) await this.#askYes(text);
    return guard ?? this.options.contextName ?? NO_CONTEXT;
  }

  /** Says what will be changed. Asks only for the name of a protected context. Throws as `ask` does. */
  async announce(target: Target): Promise<void> {
    const guard = this.#guard(target);
    const asksName = guard !== null && !this.#isConfirmed(guard);
    await this.#show(target, asksName);
    if (asksName) await this.#askName(guard, null);
  }

  /** Asks where there is a terminal, and else goes on, as a service does. */
  async askOnTerminal(text: string, target: Target, { yes = false }: Consent): Promise<void> {
    if (yes || !this.asking.canAsk) return;
    await this.#show(target, true);
    await this.#askYes(text);
  }

  /** The protected context that is changed. Throws UsageError where --confirm-context names another one. */
  #guard({ copyTo }: Target): string | null {
    if (copyTo !== undefined) return null;
    const { confirmedContext, contextName } = this.options;
    const guard = protectingContext(this.options, this.env);
    const reached = guard ?? contextName;
    if (confirmedContext !== null && confirmedContext !== (reached ?? NO_CONTEXT)) {
      const other = reached === null ? 'no context' : `context ${reached}`;
      throw new UsageError(
        `--confirm-context names ${confirmedContext}, but this would use ${other}, so nothing was done.`,
        'See the context in use with `coupons context list`.',
      );
    }
    return guard;
  }

  #isConfirmed(guard: string): boolean {
    return this.options.confirmedContext === guard;
  }

  /** A question says where also with --quiet. */
  async #show(target: Target, isAsked: boolean): Promise<void> {
    if (!isAsked && this.output.isQuiet) return;
    const known = await this.identify(target);
    this.output.talk(spellTarget(known, this.options, this.output.talkColumns));
  }

  async #askYes(text: string): Promise<void> {
    const answer = await this.asking.answerTo(`${text}? [y/N] `);
    if (!/^y(es)?$/i.test(answer.trim())) throw notConfirmed('Not confirmed');
  }

  async #askName(guard: string, question: string | null): Promise<void> {
    if (!this.asking.canAsk) {
      throw new UsageError(
        `Context ${guard} is protected, and there is no terminal to type its name on, so nothing was done.`,
        `Give --confirm-context ${guard}.`,
      );
    }
    if (question !== null) this.output.talk(question);
    const { contextName } = this.options;
    // It is reached by its broker or its store, without being in use.
    const which = contextName === guard ? `Context ${guard}` : `This is of context ${guard}, which`;
    const answer = await this.asking.answerTo(`${which} is protected. Type its name to go on: `);
    if (answer.trim() !== guard) throw notConfirmed(`That is not ${guard}`);
  }
}

function notConfirmed(why: string): CliError {
  return new CliError('NOT_CONFIRMED', `${why}, so nothing was done.`);
}

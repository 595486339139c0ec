/** `coupons completion`, and the hidden command that its scripts ask. */
import { Argument, type Command } from 'commander';
import { examples, type Declaration, type Session } from '../command.js';
import { steering } from '../../output/printable.js';
import { complete, type Candidate, type Completion } from './candidates.js';
import { resolveOptions } from '../settings/settings.js';

const SHELLS = ['bash', 'zsh', 'fish'] as const;

/** How long the tab key waits for a cluster. */
const LIVE_WAIT_MS = 1500;

export function declareCompletion(
  program: Command,
  declaration: Declaration,
  session: Session,
): void {
  examples(
    program
      .command('completion')
      .description('print the completion script for a shell, with live names')
      .addArgument(new Argument('<shell>', 'your shell').choices(SHELLS))
      .action(declaration.action(() => import('./print.js'), 'lenient')),
    [
      ['source <(coupons completion bash)', 'in this shell; likewise zsh'],
      [
        'coupons completion bash > ~/.local/share/bash-completion/completions/coupons',
        'for good, bash',
      ],
      ['coupons completion zsh > "${fpath[1]}/_coupons"', 'for good, zsh'],
      ['coupons completion fish > ~/.config/fish/completions/coupons.fish', 'for good, fish'],
    ],
  );
  program
    .command('__complete', { hidden: true })
    .description('what may stand at the cursor; for the scripts of `coupons completion`')
    .argument('[words...]', 'behind --: the words up to the cursor')
    .action(async (words: readonly string[]) => {
      const completion = complete(program, words);
      const kind = completion.kind === 'live' ? 'words' : completion.kind;
      // An error message would appear in the middle of the line being typed.
      const found = await candidatesOf(program, session, words, completion).catch(() => []);
      const current = words.at(-1) ?? '';
      const lines = found
        // One with a line break or a tab can't be told from two, and can't be typed.
        .filter(({ value }) => value.startsWith(current) && !steering().test(value))
        .map(({ value, description }) => `${value}\t${description.replaceAll(/\s+/g, ' ')}`);
      session.stdout.write(`${[kind, ...lines].join('\n')}\n`);
    });
}

async function candidatesOf(
  program: Command,
  session: Session,
  words: readonly string[],
  completion: Completion,
): Promise<readonly Candidate[]> {
  if (completion.kind === 'words') return completion.candidates;
  if (completion.kind !== 'live') return [];
  // The cluster and the store that are meant are those of the line being typed.
  const before = words.slice(0, -1);
  // The value of --context is what is being typed.
  program.parseOptions(before.at(-1) === '--context' ? before.slice(0, -1) : before);
  const options = resolveOptions(program, process.env, 'lenient');
  const { Services } = await import('../services.js');
  const services = new Services({ ...options, timeoutMs: LIVE_WAIT_MS }, session);
  const { liveValues } = await import('./live-values.js');
  const values = await liveValues(services, completion.live);
  return values.map(({ value, description }) => ({
    value: `${completion.prefix}${value}`,
    description,
  }));
}

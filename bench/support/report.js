import { fail } from '../../scripts/kafka/fail.js';
import { describeMachine } from './machine.js';
import { openWorkspace } from './workspace.js';

/**
 * Runs a benchmark in a workspace of its own and prints its report, which is Markdown: where it was
 * measured, its settings, its tables. `measure` gets the workspace and gives `{settings, tables}`.
 */
export async function report(title, measure) {
  try {
    const workspace = openWorkspace();
    const machine = describeMachine(workspace);
    const { settings, tables } = await measure(workspace);
    console.log(`${[`### ${title}`, `${machine}. ${settings}`, ...tables].join('\n\n')}\n`);
    process.exit();
  } catch (error) {
    fail(error);
  }
}

/** What goes on, for whoever waits. */
export function tell(line) {
  console.error(line);
}

/**
 * `turns` times the contestants measure in turn, each time in the other order. Gives a list of
 * measurements for each of them.
 */
export async function inTurns(turns, contestants) {
  const names = Object.keys(contestants);
  const measured = Object.fromEntries(names.map((name) => [name, []]));
  for (let turn = 0; turn < turns; turn += 1) {
    for (const name of turn % 2 === 0 ? names : names.toReversed()) {
      measured[name].push(await contestants[name]());
    }
  }
  return measured;
}

import { InvalidArgumentError, Option, type Command } from 'commander';
import { CONSUME_MODES, type ConsumeMode } from '../../consume/consume-mode.js';
import { SCHEDULER_REQUESTS } from '../../bench/scheduler-run.js';
import { countOption, duration, integerFrom } from '../arguments.js';
import { examples, yesOption, type Declaration } from '../command.js';

export function declareBench(program: Command, declaration: Declaration): void {
  examples(
    program
      .command('bench')
      .description(
        'how fast this machine issues coupons: the modes of consume side by side, on an embedded broker, or on the cluster that --brokers names, which must not have the topics of the pipeline: they are created and deleted again',
      )
      .summary('how fast this machine issues coupons, by mode of consume')
      .addOption(
        new Option('--count <n>', 'requests of a run, all of them issued')
          .argParser(integerFrom(SCHEDULER_REQUESTS))
          .default(10_000),
      )
      .addOption(
        new Option('--modes <list>', 'which of scheduler, single, batch')
          .argParser(modes)
          .default([...MODES], MODES.join(',')),
      )
      .addOption(countOption('--runs <n>', 'runs of each mode but the scheduler').default(3))
      .addOption(
        new Option(
          '--latency-seconds <duration>',
          'how long 10 requests a second are sent for the latency',
        )
          .argParser(duration)
          .default(10, '10s'),
      )
      .option('--report <file>', 'write it as Markdown, too')
      .addOption(yesOption())
      .action(declaration.action(() => import('./bench.js'))),
    [
      ['coupons bench', 'about three minutes, most of them for the latency'],
      ['coupons bench --modes single,batch --report bench.md', 'without the scheduler'],
      ['coupons bench --brokers kafka:9092', 'a cluster without these topics'],
      [
        'coupons bench --store postgres://ops@db-1/coupons',
        'in schemas of its own there, which are dropped again',
      ],
    ],
  );
}

/** The slowest first. */
const MODES: readonly ConsumeMode[] = ['scheduler', 'single', 'batch'];

function modes(text: string): readonly ConsumeMode[] {
  const names = text.split(',');
  const chosen = CONSUME_MODES.filter((mode) => names.includes(mode));
  if (chosen.length !== new Set(names).size) {
    throw new InvalidArgumentError(`Give some of ${MODES.join(', ')}, with commas.`);
  }
  return MODES.filter((mode) => chosen.includes(mode));
}

import { Command } from 'commander';
import { packageVersion } from '../package-file.js';
import { declareBench } from './bench/declare.js';
import { declareBroker } from './broker/declare.js';
import { declareCampaigns } from './campaigns/declare.js';
import { declareCompletion } from './completion/declare.js';
import { declareContext } from './context/declare.js';
import { Declaration, dryRunOption, examples, yesOption, type Session } from './command.js';
import { declareDoctor } from './doctor/declare.js';
import { declareDeadLetters } from './dlq/declare.js';
import { declareIssued } from './issued/declare.js';
import { declareHelp } from './help/declare.js';
import { formatHelp } from './help/help-page.js';
import { declareHistory } from './history/declare.js';
import { declareGlobalOptions } from './settings/options.js';
import { declareAdvise } from './advise/declare.js';
import { declareAudit } from './audit/declare.js';
import { declareLag } from './lag/declare.js';
import { declareConsume } from './consume/declare.js';
import { declareDemo } from './demo/declare.js';
import { declareServe } from './serve/declare.js';
import { declareProduce } from './produce/declare.js';
import { declareStatus } from './status/declare.js';
import { declareStore } from './store/declare.js';
import { declareTopics } from './topics/declare.js';
import { throwUsageErrors } from './usage-error.js';

/** Every command, option and help text. */
export function buildProgram(session: Session): Command {
  const program = new Command('coupons')
    .description('Operate a Kafka coupon pipeline: first come, first served, exactly once.')
    .version(packageVersion())
    .showSuggestionAfterError()
    .configureHelp({ formatHelp })
    // main.ts prints errors, so that all look the same and --output json applies to them too.
    .configureOutput({
      outputError: () => undefined,
      writeOut: (text) => session.stdout.write(text),
    });
  declareGlobalOptions(program);
  // They may stand before the subcommand as well; commands that change nothing refuse them.
  program.addOption(yesOption().hideHelp()).addOption(dryRunOption().hideHelp());
  program.hook('preAction', (_program, command) => {
    refuseUnlessDeclared(program, command);
  });

  const declaration = new Declaration(session);
  program.commandsGroup('See what is going on:');
  declareStatus(program, declaration);
  declareHistory(program, declaration);
  declareIssued(program, declaration);
  declareLag(program, declaration);
  declareAdvise(program, declaration);
  declareDeadLetters(program, declaration);
  declareAudit(program, declaration);
  declareDoctor(program, declaration);
  declareServe(program, declaration);
  program.commandsGroup('Run the pipeline:');
  declareProduce(program, declaration);
  declareConsume(program, declaration);
  declareDemo(program, declaration);
  declareBench(program, declaration);
  program.commandsGroup('Set it up:');
  declareBroker(program, declaration);
  declareTopics(program, declaration);
  declareCampaigns(program, declaration);
  declareStore(program, declaration);
  declareContext(program, declaration);
  program.commandsGroup('Help:');
  declareCompletion(program, declaration, session);
  declareHelp(program);
  throwUsageErrors(program);
  return examples(program, [
    ['coupons status', 'what is going on?'],
    ['coupons demo', 'the whole pipeline, no Kafka needed'],
    ['coupons broker start', 'the embedded broker, for one machine'],
    ['coupons topics create', 'the three topics'],
    ['coupons consume --concurrency 3', 'issue coupons'],
  ]);
}

function refuseUnlessDeclared(program: Command, command: Command): void {
  for (const name of ['yes', 'dryRun']) {
    const declared = command.options.some((option) => option.attributeName() === name);
    if (program.getOptionValue(name) !== undefined && !declared) {
      const flag = name === 'yes' ? '--yes' : '--dry-run';
      command.error(`error: unknown option '${flag}'`, { code: 'commander.unknownOption' });
    }
  }
}

import { Option, type Command } from 'commander';
import { REQUEST_TOPIC } from '../../coupon/topics.js';
import { dryRunOption, examples, groupOption, yesOption, type Declaration } from '../command.js';

export function declareStore(program: Command, declaration: Declaration): void {
  const store = program.command('store').description('the SQLite store of issued coupons');
  examples(
    store
      .command('reset-offsets')
      .description('delete the positions in the log, so that it is read again from its start')
      .addOption(groupOption())
      .addOption(new Option('--topic <name>', 'the topic').default(REQUEST_TOPIC))
      .addOption(dryRunOption())
      .addOption(yesOption())
      .action(declaration.action(() => import('./reset-offsets.js'))),
    [['coupons store reset-offsets --yes', 'issued coupons stay issued']],
  );
}

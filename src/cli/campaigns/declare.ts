import { Option, type Command } from 'commander';
import { CAMPAIGN_STATUSES } from '../../coupon/campaign.js';
import { choiceOption, instant, integerFrom } from '../arguments.js';
import { examples, type Declaration } from '../command.js';

export function declareCampaigns(program: Command, declaration: Declaration): void {
  const campaigns = program
    .command('campaigns')
    .description('campaigns: stock, status and validity of each coupon');
  const stock = (description: string) =>
    new Option('--stock <n>', description).argParser(integerFrom(0));
  const window = (command: Command) =>
    command
      .addOption(new Option('--valid-from <time>', 'ISO 8601; inclusive').argParser(instant))
      .addOption(new Option('--valid-until <time>', 'ISO 8601; inclusive').argParser(instant));
  const couponId = (command: Command) =>
    command.argument('<couponId>', 'a positive integer', integerFrom(1));

  examples(
    window(
      couponId(campaigns.command('create'))
        .description('a new campaign, active at once')
        .addOption(stock('how many can be issued').makeOptionMandatory())
        .option('--name <name>', 'a display name'),
    ).action(declaration.action(() => import('./create.js'))),
    [
      ['coupons campaigns create 1 --stock 100', '100 coupons, first come, first served'],
      [
        'coupons campaigns create 2 --stock 50 --valid-from 2026-12-24T18:00:00Z',
        'requests before that are NOT_STARTED',
      ],
    ],
  );
  examples(
    campaigns
      .command('list')
      .description('all campaigns')
      .action(declaration.action(() => import('./list.js'))),
    [['coupons campaigns list', 'stock, issued and left of each']],
  );
  examples(
    couponId(campaigns.command('show'))
      .description('one campaign')
      .option('--history', 'its terms by version: when, who, and what changed')
      .action(declaration.action(() => import('./show.js'))),
    [
      ['coupons campaigns show 1 -o json', 'for a script'],
      ['coupons campaigns show 1 --history', 'who changed its terms, and when'],
    ],
  );
  examples(
    window(
      couponId(campaigns.command('update'))
        .description('change stock, status or validity; issued coupons stay issued')
        .addOption(stock('the new total; never below what is already issued'))
        .addOption(
          choiceOption('--status <status>', 'ACTIVE issues, INACTIVE does not', CAMPAIGN_STATUSES),
        ),
    ).action(declaration.action(() => import('./update.js'))),
    [
      ['coupons campaigns update 1 --stock 150', '50 more'],
      ['coupons campaigns update 1 --status INACTIVE', 'stop issuing'],
    ],
  );
}

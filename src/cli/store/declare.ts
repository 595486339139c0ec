import { Option, type Command } from 'commander';
import { REQUEST_TOPIC } from '../../coupon/topics.js';
import { dryRunOption, examples, groupOption, yesOption, type Declaration } from '../command.js';

export function declareStore(program: Command, declaration: Declaration): void {
  const store = program
    .command('store')
    .description('the store of issued coupons, on SQLite or PostgreSQL');
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
  examples(
    store
      .command('migrate')
      .description('bring a store of an older version of coupons up to date')
      .addOption(dryRunOption())
      .action(declaration.action(() => import('./migrate.js'))),
    [['coupons store migrate --dry-run', 'from which version to which, and how many outcomes']],
  );
  examples(
    store
      .command('take-over')
      .description('let a group that has used another store go on where this store stands')
      .addOption(groupOption())
      .addOption(new Option('--topic <name>', 'the topic').default(REQUEST_TOPIC))
      .addOption(dryRunOption())
      .addOption(yesOption())
      .action(declaration.action(() => import('./take-over.js'))),
    [
      ['coupons store take-over --dry-run', 'what the group has committed, and what it would be'],
      [
        'coupons store take-over --store restored.db --yes',
        'after a restore; the group has no member meanwhile',
      ],
    ],
  );
  declareCopies(store, declaration);
}

function declareCopies(store: Command, declaration: Declaration): void {
  examples(
    store
      .command('backup')
      .description('copy the store to a file, consistent while consumers write to it')
      .argument('<file>', 'where to')
      .addOption(yesOption())
      .action(declaration.action(() => import('./backup.js'))),
    [
      ['coupons store backup coupons-monday.db', 'whole, checked and on disk, or not there'],
      ['coupons store backup coupons-latest.db --yes', 'replaces the file of the day before'],
    ],
  );
  examples(
    store
      .command('copy')
      .description('copy a whole store into a new one, of SQLite or PostgreSQL')
      .addOption(new Option('--from <store>', 'the store to read (default: that of --store)'))
      .addOption(
        new Option('--to <store>', 'a path or URL where no store is yet').makeOptionMandatory(),
      )
      .addOption(dryRunOption())
      .action(declaration.action(() => import('./copy.js'))),
    [
      [
        'coupons store copy --from coupons.db --to postgres://coupons@db/coupons',
        'move to PostgreSQL; stop the consumers first',
      ],
      [
        'coupons store copy --from postgres://coupons@db/coupons --to saved.db --dry-run',
        'how much would be copied',
      ],
    ],
  );
}

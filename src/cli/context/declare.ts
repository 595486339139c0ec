import { Option, type Command } from 'commander';
import { SETTING_NAMES } from '../../config/settings.js';
import { OUTPUT_FORMATS } from '../options.js';
import { examples, type Declaration } from '../command.js';

export function declareContext(program: Command, declaration: Declaration): void {
  const context = program
    .command('context')
    .description('clusters by name: their brokers, login and store, kept in a config file');

  examples(
    context
      .command('list')
      .description('all contexts; the one in use is marked')
      .action(declaration.action(() => import('./list.js'), 'lenient')),
    [['coupons context list', 'names and brokers']],
  );

  const show = declaration.action(() => import('./show.js'));
  examples(
    context
      .command('show')
      .argument('[context]', 'as if it were in use; the one in use when none is named')
      .description('every setting as it comes out, and where it comes from')
      .action(async (name: string | undefined, ...given: unknown[]) => {
        if (name !== undefined) program.setOptionValueWithSource('context', name, 'cli');
        await show(...given);
      }),
    [
      ['coupons context show', 'flag, environment, context or default?'],
      ['coupons context show staging --timeout 30', 'what a command would make of that'],
    ],
  );

  examples(
    context
      .command('use')
      .argument('<context>', '"default" is none at all')
      .description('use it from now on, where --context or COUPONS_CONTEXT name no other')
      .action(declaration.action(() => import('./use.js'), 'lenient')),
    [
      ['coupons context use staging', 'for every command from now on'],
      ['coupons context use default', 'none any more'],
    ],
  );
  declareChanges(context, declaration);
}

function declareChanges(context: Command, declaration: Declaration): void {
  examples(
    context
      .command('set')
      .argument('<context>', 'a new one, or one to change')
      .description('keep the options given with it; a password only by variable or file')
      .addOption(
        new Option(
          '--default-output <format>',
          'keep this as its --output (--output itself is for this call)',
        ).choices(OUTPUT_FORMATS),
      )
      .addOption(new Option('--unset <setting...>', 'keep these no longer').choices(SETTING_NAMES))
      .action(declaration.action(() => import('./set.js'), 'lenient')),
    [
      ['coupons context set local --brokers localhost:9092', 'a cluster without login'],
      [
        'coupons context set staging --brokers kafka.staging:9093 --tls-ca ca.pem --sasl-mechanism scram-sha-512 --sasl-username ops --sasl-password-env STAGING_PASSWORD',
        'TLS and SASL',
      ],
      ['coupons context set staging --unset timeout output', 'forget two settings'],
    ],
  );

  examples(
    context
      .command('delete')
      .argument('<context>', 'which one')
      .description('forget a context')
      .action(declaration.action(() => import('./delete.js'), 'lenient')),
    [['coupons context delete staging', 'its cluster is not touched']],
  );
}

import type { Command } from 'commander';
import { SETTING_NAMES } from '../../config/settings.js';
import { choiceOption } from '../arguments.js';
import { OUTPUT_FORMATS } from '../settings/options.js';
import { examples, type Declaration } from '../command.js';

export function declareContext(program: Command, declaration: Declaration): void {
  const context = program
    .command('context')
    .description('clusters by name: options saved in a config file');

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
      .argument('[context]', 'which one; default: the context in use')
      .description('the value of every setting, and where it comes from')
      .action(async (name: string | undefined, ...given: unknown[]) => {
        if (name !== undefined) program.setOptionValueWithSource('context', name, 'cli');
        await show(...given);
      }),
    [
      ['coupons context show', 'flag, environment, context or default?'],
      ['coupons context show staging --timeout 30', 'the settings that a command would use'],
    ],
  );

  examples(
    context
      .command('use')
      .argument('<context>', 'which one; "default" for no context')
      .description('use this context unless --context or COUPONS_CONTEXT names another')
      .action(declaration.action(() => import('./use.js'), 'lenient')),
    [
      ['coupons context use staging', 'for every command from now on'],
      ['coupons context use default', 'use no context'],
    ],
  );
  declareChanges(context, declaration);
}

function declareChanges(context: Command, declaration: Declaration): void {
  examples(
    context
      .command('set')
      .argument('<context>', 'the name of a new or an existing context')
      .description('save the given options in a context; a password only as variable or file')
      .addOption(
        choiceOption(
          '--default-output <format>',
          'save this as its --output (--output itself is for this call)',
          OUTPUT_FORMATS,
        ),
      )
      .option(
        '--protected',
        "ask for the context's name before every change of its cluster or store",
      )
      .option('--no-protected', 'no longer')
      .addOption(choiceOption('--unset <setting...>', 'remove these settings', SETTING_NAMES))
      .action(declaration.action(() => import('./set.js'), 'lenient')),
    [
      ['coupons context set local --brokers localhost:9092', 'a cluster without login'],
      [
        'coupons context set staging --brokers kafka.staging:9093 --tls-ca ca.pem --sasl-mechanism scram-sha-512 --sasl-username ops --sasl-password-env STAGING_PASSWORD',
        'TLS and SASL',
      ],
      ['coupons context set staging --protected', 'changes there need its name typed'],
      ['coupons context set staging --unset timeout output', 'remove two settings'],
    ],
  );

  examples(
    context
      .command('delete')
      .argument('<context>', 'which one')
      .description('delete a context')
      .action(declaration.action(() => import('./delete.js'), 'lenient')),
    [['coupons context delete staging', 'its cluster is not changed']],
  );
}

import { Option, type Command } from 'commander';
import { countOption, hostName, integerFrom, minutesUpTo, name } from '../arguments.js';
import { examples, groupOption, type Declaration } from '../command.js';

const MINUTES_A_WEEK = 7 * 24 * 60;

/** Prometheus keeps some series a campaign. */
const MEASURED_CAMPAIGNS = 100;

export function declareServe(program: Command, declaration: Declaration): void {
  examples(
    program
      .command('serve')
      .description('the sale in a browser, and metrics for Prometheus')
      .addOption(
        new Option('--port <port>', '0 for a free one')
          .argParser(integerFrom(0, 65_535))
          .default(8990),
      )
      .addOption(
        new Option('--host <host>', 'where to listen; beyond this machine a token is required')
          .argParser(name)
          .default('127.0.0.1'),
      )
      .addOption(
        new Option(
          '--allow-host <name>',
          'answer to this name as well, such as that of a reverse proxy (repeatable)',
        )
          .argParser((value: string, before: readonly string[]) => [...before, hostName(value)])
          .default([], 'none'),
      )
      .option(
        '--token-file <file>',
        'read the token from this file (else COUPONS_SERVE_TOKEN has it; on this machine a new one a start)',
      )
      .option('--allow-replay', 'dead letters may be replayed; without it, nothing can be changed')
      .addOption(groupOption())
      .addOption(
        new Option(
          '--audit-every <duration>',
          'run the audit at the start, and again after each: minutes, or 90s, 2h, 1d',
        ).argParser(minutesUpTo(MINUTES_A_WEEK)),
      )
      .addOption(
        countOption('--metrics-campaigns <n>', 'campaigns that have metrics of their own').default(
          MEASURED_CAMPAIGNS,
        ),
      )
      .option('--open', 'open it in the browser')
      .action(declaration.action(() => import('./serve.js'))),
    [
      ['coupons serve --open', 'the console of this machine'],
      ['coupons serve --allow-replay', 'with replay of dead letters'],
      [
        'coupons serve --host 0.0.0.0 --token-file /run/secrets/console',
        'for a team: put TLS in front of it',
      ],
      ['coupons serve --port 0 -o json', 'on a free port, shown in the first line'],
    ],
  );
}

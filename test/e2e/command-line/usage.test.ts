/** Wrong usage: exit code 2, what was wrong, and what was probably meant. No broker is asked. */
import { readdir } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { Operator } from '../../support/command-line/operator.js';
import { temporaryDir } from '../../support/temporary-dir.js';

const user = new Operator(() => ({ COUPONS_BROKERS: '127.0.0.1:1' }));
const cases = (lines: readonly (readonly [string, string])[]) =>
  lines.map(([line, expected]) => ({ line, expected }));
const failure = (line: string) => user.failure(line.split(' '));

describe('wrong usage', () => {
  it.each(
    cases([
      ['consumer', 'consume'],
      ['topics creat', 'create'],
      ['campaigns shwo 1', 'show'],
      ['lag --toppic x', '--topic'],
      ['produce --coupn 1', '--coupon'],
      ['--outptu json lag', '--output'],
      ['help topcs', 'topics'],
      ['help dlq replya', 'replay'],
      ['replay --dry-run', '`coupons dlq replay`'],
      ['show 1', '`coupons campaigns show`'],
    ]),
  )('of `coupons $line` suggests $expected', async ({ line, expected }) => {
    const { exitCode, code, hint } = await failure(line);
    expect([exitCode, code]).toEqual([2, 'USAGE']);
    expect(hint).toContain(expected);
  });

  it.each(
    cases([
      ['consume --mode bacth', 'Did you mean batch?'],
      ['history --by minutes', 'Did you mean minute?'],
      ['campaigns update 1 --status inactiv', 'Did you mean INACTIVE?'],
      ['consume --concurrency 0', '--concurrency'],
      ['consume --concurrency three', '--concurrency'],
      ['consume --batch-size 1e3', '--batch-size'],
      ['consume --max-records -1', '--max-records'],
      ['consume --mode fast', '--mode'],
      ['produce --coupon 1 --count 0', '--count'],
      ['produce --coupon 1 --duplicates 101', '--duplicates'],
      ['produce --coupon 1 --poison -1', '--poison'],
      ['produce --coupon 1 --rate 0', '--rate'],
      ['produce --coupon 1.5', '--coupon'],
      ['produce --coupon 1 --file x', '--file'],
      ['produce', '--coupon'],
      ['topics create --partitions 0', '--partitions'],
      ['topics create --profile staging', '--profile'],
      ['topics alter coupon-issue-requests', '--partitions'],
      ['topics alter --partitions 6', 'topic'],
      ['lag --fail-above many', '--fail-above'],
      ['dlq peek --max-messages 0', '--max-messages'],
      ['issued show --coupon 1', '--user'],
      ['issued export --format xml', '--format'],
      ['broker start --port 65536', '--port'],
      ['broker run --port http', '--port'],
      ['lag --timeout 0', '--timeout'],
      ['lag --brokers localhost:0', '--brokers'],
      ['lag --brokers a:1,,b:2', '--brokers'],
      ['lag --brokers http://localhost:9092', '--brokers'],
      ['lag --tls-cert cert.pem', '--tls-key'],
      ['lag --sasl-mechanism plain', 'COUPONS_SASL_USERNAME'],
      ['lag --sasl-mechanism kerberos', '--sasl-mechanism'],
      ['lag extra', 'argument'],
      ['dlq', 'subcommand'],
      ['lag --yes', '--yes'],
      ['topics list --dry-run', '--dry-run'],
    ]),
  )('of `coupons $line` names $expected', async ({ line, expected }) => {
    const { exitCode, code, message, hint } = await failure(line);
    expect([exitCode, code]).toEqual([2, 'USAGE']);
    expect(`${message} ${hint ?? ''}`).toContain(expected);
  });

  it.each(
    cases([
      ['campaigns create 0 --stock 1', 'coupons help campaigns create'],
      ['dlq purge', 'coupons help dlq purge'],
      ['lag --interval 0', 'coupons help lag'],
      ['help lag extra', 'coupons help lag'],
      ['lag --timeout 0', 'coupons help'],
    ]),
  )('of `coupons $line` leads to `$expected`', async ({ line, expected }) => {
    expect((await failure(line)).hint).toBe(`See \`${expected}\`.`);
  });

  it.each(
    cases([
      ['COUPONS_OUTPUT', 'xml'],
      ['COUPONS_TIMEOUT', 'soon'],
      ['COUPONS_BROKERS', 'a:b:c'],
    ]),
  )('in the environment is told by the name $line', async ({ line, expected }) => {
    const run = await user.run(['lag'], { env: { [line]: expected } });
    expect(run.code).toBe(2);
    expect(run.stderr).toContain(line);
    expect(run.stderr).toContain(expected);
  });

  it('is told in words on stderr, with a hint and without a stack trace', async () => {
    const run = await user.run(['topics', 'creat']);
    expect([run.code, run.stdout]).toEqual([2, '']);
    expect(run.stderr).toMatch(/^error: unknown command 'creat'\n {2}hint: .*create.*\n$/);
  });

  it('of a group of commands without its command shows its help', async () => {
    const run = await user.run(['topics']);
    expect(run.code).toBe(2);
    expect(run.stdout + run.stderr).toContain('Usage: coupons topics');
  });

  it('leaves no file behind', async () => {
    const dir = temporaryDir();
    await user.run(['campaigns', 'create', 'one', '--stock', '1'], {
      env: { COUPONS_DATA_DIR: dir },
    });
    expect(await readdir(dir)).toEqual([]);
  });
});

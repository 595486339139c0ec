import { describe, expect, it } from 'vitest';
import { pastedCommand } from '../../../../src/cli/settings/pasted-command.js';

const open = { sameFlags: [], tls: null, sasl: null };
const sasl = { mechanism: 'plain', username: 'ops', password: null } as const;

describe('a command of ours', () => {
  it('has the flags that were given, but for those that it has itself', () => {
    const options = { ...open, sameFlags: ['--brokers a:1', '--no-tls', '--store x.db'] };
    expect(pastedCommand('coupons lag --tls', options)).toBe(
      'coupons lag --tls --brokers a:1 --store x.db',
    );
    expect(pastedCommand('coupons store copy --from x.db --to y.db', options)).toBe(
      'coupons store copy --from x.db --to y.db --brokers a:1 --no-tls',
    );
  });

  it('that is of the embedded broker has the data directory alone', () => {
    const options = { ...open, sameFlags: ['--brokers a:1', '--data-dir d'] };
    expect(pastedCommand('coupons broker start', options)).toBe(
      'coupons broker start --data-dir d',
    );
  });
});

describe("a command of Kafka's own tools", () => {
  const command = 'kafka-configs --bootstrap-server a:1,b:2 --alter';

  it('stays as it is where no login is needed', () => {
    expect(pastedCommand(command, { ...open, sameFlags: ['--brokers a:1'] })).toBe(command);
  });

  it.each([
    ['SASL', { ...open, sasl }],
    ['TLS', { ...open, tls: { caFile: 'ca.pem', certFile: null, keyFile: null } }],
  ])('logs in by a file under %s', (_name, options) => {
    expect(pastedCommand(command, options)).toBe(
      'kafka-configs --bootstrap-server a:1,b:2 --command-config client.properties --alter',
    );
  });
});

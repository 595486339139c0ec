import { expect, test } from 'vitest';
import { realHost, withoutColons } from '../../../src/kafka/client/ipv6.js';

test.each(['[::1]:9092', '[fe80::1]:19092', '[2001:db8::8a2e:370:7334]:1'])(
  '%s goes through kafkajs, which splits at the first colon',
  (address) => {
    const [host = '', port = ''] = withoutColons(address).split(':');
    expect(`[${realHost(host)}]:${port}`).toBe(address);
  },
);

test.each(['localhost:9092', '127.0.0.1:9092', 'kafka-1.example.org:9092'])(
  '%s is left as it is',
  (address) => {
    expect(withoutColons(address)).toBe(address);
    expect(realHost(address.split(':')[0] ?? '')).toBe(address.split(':')[0]);
  },
);

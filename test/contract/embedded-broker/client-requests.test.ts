import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { apiTable } from '../../../src/broker/api-table.js';
import { testBroker } from './test-broker.js';
import { offeredApis, request, WireClient } from './wire-client.js';

interface Captured {
  readonly client: string;
  readonly api: string;
  readonly key: number;
  readonly version: number;
  readonly hex: string;
}

const fixture = new URL('fixtures/client-requests.json', import.meta.url);
const { requests } = JSON.parse(readFileSync(fixture, 'utf8')) as { requests: Captured[] };
const offered = requests.filter(({ key, version }) =>
  apiTable.some((api) => api.key === key && version <= api.maxVersion),
);
/** A client that asks for a newer ApiVersions is told the older ones. */
const tooNew = requests.filter((each) => !offered.includes(each));

describe('what real clients send', () => {
  test.each(offered)('$client: $api version $version is answered', async ({ hex }) => {
    const { port } = await testBroker();
    const client = await WireClient.connect(port);
    const frame = Buffer.from(hex, 'hex');
    const answer = await client.ask(frame);
    expect(answer.readInt32BE(0)).toBe(frame.readInt32BE(4));
    expect(answer.length).toBeGreaterThan(4);
    client.socket.destroy();
  });

  test.each(tooNew)('$client: $api version $version is told what is offered', async ({ hex }) => {
    const { port } = await testBroker();
    const client = await WireClient.connect(port);
    const { errorCode, apis } = offeredApis(await client.ask(Buffer.from(hex, 'hex')));
    expect(errorCode).toBe(35);
    expect(apis).toEqual(apiTable.map((api) => [api.key, api.minVersion, api.maxVersion]));
    client.socket.destroy();
  });

  test('covers every client and all but one API', () => {
    const captured = new Set(requests.map(({ key }) => key));
    expect(tooNew.map(({ api }) => api)).toEqual(['ApiVersions', 'ApiVersions']);
    expect(new Set(requests.map(({ client }) => client)).size).toBe(3);
    expect(apiTable.filter(({ key }) => !captured.has(key)).map(({ name }) => name)).toEqual([
      'OffsetForLeaderEpoch',
    ]);
  });
});

describe('versions that are not offered', () => {
  const beyond = apiTable
    .filter(({ name }) => name !== 'ApiVersions')
    .flatMap(({ name, key, minVersion, maxVersion }) => [
      { name, key, version: maxVersion + 1 },
      { name, key, version: minVersion - 1 },
    ]);
  const unknown = { name: 'an API that does not exist', key: 999, version: 0 };

  test.each([...beyond, unknown])(
    '$name $version: UNSUPPORTED_VERSION, a log line, and the end',
    async ({ key, version }) => {
      const { port, logLines } = await testBroker();
      const client = await WireClient.connect(port);
      const answer = await client.ask(request(key, version));
      expect([answer.readInt32BE(0), answer.readInt16BE(4)]).toEqual([7, 35]);
      await client.closed();
      expect(logLines.filter((line) => line.includes(`API ${String(key)} version`))).toHaveLength(
        1,
      );
    },
  );
});

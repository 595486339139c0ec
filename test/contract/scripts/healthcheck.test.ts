/** deploy/healthcheck.js: what Docker asks a container with. */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';

/** A server that answers everything with this status; its URL. */
async function serverOf(status: number): Promise<string> {
  const server = createServer((_request, response) => response.writeHead(status).end());
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/livez`;
}

function check(url: string): Promise<unknown> {
  return promisify(execFile)(process.execPath, ['deploy/healthcheck.js', url]);
}

test('a container that answers is healthy', async () => {
  await expect(check(await serverOf(200))).resolves.toEqual({ stdout: '', stderr: '' });
});

test('one that answers with an error, or not at all, is not', async () => {
  await expect(check(await serverOf(503))).rejects.toMatchObject({ code: 1 });
  // Nothing can listen on port 1 without being root, and nothing does.
  await expect(check('http://127.0.0.1:1/livez')).rejects.toMatchObject({ code: 1 });
});

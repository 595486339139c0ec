/**
 * Vitest's set-up for the unit tests: whatever opens a socket or starts a process throws. Such a test
 * is slower by a hundred times, depends on the machine, and belongs to test/contract or test/e2e.
 */
import childProcess, { ChildProcess } from 'node:child_process';
import dgram from 'node:dgram';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';

function forbid(owner: object, methods: readonly string[], what: string): void {
  for (const method of methods) {
    Object.assign(owner, {
      [method]: () => {
        throw new Error(
          `A unit test may not ${what}. Move it to test/contract or test/e2e (docs/testing.md).`,
        );
      },
    });
  }
}

forbid(net.Socket.prototype, ['connect'], 'connect to anything');
forbid(net.Server.prototype, ['listen'], 'listen on a socket');
forbid(dgram.Socket.prototype, ['bind', 'connect', 'send'], 'use a socket');
// The asynchronous functions, fork() included, all end in this method.
forbid(ChildProcess.prototype, ['spawn'], 'start a process');
forbid(childProcess, ['spawnSync', 'execSync', 'execFileSync'], 'start a process');
// What was imported by name sees the change as well.
syncBuiltinESMExports();

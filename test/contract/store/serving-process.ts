/** Starts a PostgreSQL server, says where, and stays until it is killed. */
import { startLocalServer } from '../../../src/store/postgres/local/local-server.js';

const server = await startLocalServer({ fsync: false });
process.send?.({ pid: server.process?.pid, dataDir: server.dataDir });

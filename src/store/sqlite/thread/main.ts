/** The store's thread: it opens the file that its parent names, and works on it alone. */
import { parentPort, workerData } from 'node:worker_threads';
import { openStore } from '../open.js';
import type { ThreadData } from './messages.js';
import { serveStore } from './server.js';

if (parentPort === null) throw new Error('this file is the start of a thread');
const { path, isMeasured } = workerData as ThreadData;
const store = openStore(path, { mode: 'read-write' });
serveStore(parentPort, store, store.checkpoints(), { isMeasured });

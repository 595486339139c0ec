/** What /readyz says: whether the console can read the store and the group. */
import type { ConsoleState } from '../console/console.js';
import type { Part } from '../console/wire/part.js';
import { json, type Answer } from './answer.js';

/** `isAllowed`: to read messages, which name hosts and files; a code names nothing. */
export function readinessAnswer({ campaigns, group }: ConsoleState, isAllowed: boolean): Answer {
  const said = ({ data, failure }: Part<unknown>) => ({
    ready: data !== null && failure === null,
    reason: failure?.code ?? (data === null ? 'NOT_READ_YET' : null),
    ...(isAllowed ? { message: failure?.message ?? null } : {}),
  });
  const [store, cluster] = [said(campaigns), said(group)];
  const ready = store.ready && cluster.ready;
  return json({ ready, store, group: cluster }, ready ? 200 : 503);
}

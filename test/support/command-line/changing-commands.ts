/** Which commands change a cluster or its store: in a protected context they need its name (docs/contexts.md). */

export const CHANGING: readonly string[] = [
  ...['campaigns create', 'campaigns update', 'dlq purge', 'dlq replay', 'produce', 'serve'],
  ...['store migrate', 'store reset-offsets', 'store take-over', 'topics alter', 'topics create'],
];

/** Only what is this machine's: the embedded broker, a context, a file, a new store. */
export const CHANGING_THIS_MACHINE: readonly string[] = [
  ...['broker run', 'broker start', 'broker stop', 'context delete', 'context set', 'context use'],
  ...['demo', 'store backup', 'store copy'],
];

export const READING: readonly string[] = [
  ...['advise', 'audit', 'broker status', 'campaigns list', 'campaigns show', 'completion'],
  ...['context list', 'context show', 'dlq count', 'dlq export', 'dlq peek', 'dlq show'],
  ...['dlq stats', 'doctor', 'help', 'history', 'issued export', 'issued list', 'issued show'],
  ...['lag', 'status', 'topics describe', 'topics list'],
];

/**
 * `consume` is the service that a context is for. `bench` refuses a cluster that has the topics of the pipeline, and
 * asks before it creates them.
 */
export const NOT_GUARDED: readonly string[] = ['bench', 'consume'];

/** A store without a fault, whose schema is the newest. */
export const HEALTHY_STORE = {
  schemaVersion: 2,
  latestSchemaVersion: 2,
  damages: [],
  isLocked: false,
  sizeBytes: 1,
  writeAheadLogBytes: 0,
  server: null,
};

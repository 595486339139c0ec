/** An error that is the user's to mend: the scripts print its message without a stack. */
export class SetupError extends Error {}

/** Prints what went wrong and ends with exit code 1. A stack only where the fault may be ours. */
export function fail(error) {
  console.error(error instanceof SetupError ? error.message : error);
  process.exit(1);
}

import { CliError } from '../../../errors.js';

/** Of a console that may only look. */
export function readOnly(): CliError {
  return new CliError(
    'READ_ONLY',
    'This console only reads, so it can not replay dead letters.',
    'Start it with `coupons serve --allow-replay`, or run `coupons dlq replay` in a terminal.',
  );
}

/**
 * kafkajs 2.2.4 sets a timer with a negative delay for each connection. Node takes that for 1 ms, and
 * from 24 on says so on stderr, where an operator would take it for an error.
 */
const emitWarning = process.emitWarning.bind(process);

process.emitWarning = ((...[warning, type, ...rest]: Parameters<typeof emitWarning>) => {
  if ((type as unknown) !== 'TimeoutNegativeWarning') emitWarning(warning, type, ...rest);
}) as typeof process.emitWarning;

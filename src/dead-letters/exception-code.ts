/**
 * A reason code for a Java exception, as our own codes look:
 * com.fasterxml.jackson.core.JsonParseException → JSON_PARSE_EXCEPTION. Null for no name.
 */
export function codeOfException(className: string): string | null {
  const simple = className.split(/[.$]/).at(-1) ?? '';
  return simple === '' ? null : upperSnake(simple);
}

/** JDBCConnectionException → JDBC_CONNECTION_EXCEPTION. */
function upperSnake(name: string): string {
  return name
    .replace(/([a-z\d])([A-Z])/g, '$1_$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1_$2')
    .replace(/[^A-Za-z\d]+/g, '_')
    .toUpperCase();
}

const CLASS_NAME = String.raw`((?:[A-Za-z_][\w$]*\.)+[A-Za-z_$][\w$]*)(?::|\s|$)`;
const THROWN = new RegExp(`^${CLASS_NAME}`);
const CAUSE = new RegExp(`^Caused by: ${CLASS_NAME}`, 'm');

/** spring-kafka puts this around whatever a listener threw. */
const WRAPPER = 'ListenerExecutionFailedException';

/** The code of the exception that a Java stack trace starts with; null where it is no such trace. */
export function codeInStackTrace(stackTrace: string): string | null {
  const thrown = THROWN.exec(stackTrace)?.[1] ?? '';
  const cause = thrown.endsWith(WRAPPER) ? CAUSE.exec(stackTrace)?.[1] : undefined;
  return codeOfException(cause ?? thrown);
}

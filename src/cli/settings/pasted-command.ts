import type { GlobalOptions } from './options.js';

/** A command that is shown, as it is to be pasted: it speaks of the same cluster and store, and logs in as this one does. */
export function pastedCommand(
  command: string,
  options: Pick<GlobalOptions, 'sameFlags' | 'tls' | 'sasl'>,
): string {
  if (command.startsWith('coupons ')) return withSameFlags(command, options.sameFlags);
  return options.tls === null && options.sasl === null ? command : withLogin(command);
}

function withSameFlags(command: string, sameFlags: readonly string[]): string {
  // The embedded broker is this machine's, whatever cluster was asked about.
  const isBroker = command.startsWith('coupons broker ');
  const given = command.split(' ').map(optionOf);
  // A copy names both of its stores.
  if (given.includes('--from')) given.push('--store');
  const flags = sameFlags.filter((flag) => {
    const [name = ''] = flag.split(' ');
    return !given.includes(optionOf(name)) && (!isBroker || name === '--data-dir');
  });
  return [command, ...flags].join(' ');
}

/** Kafka's own tools read how to log in from a file: docs/access.md says what is in it. */
function withLogin(command: string): string {
  return command.replace(/--bootstrap-server \S+/g, '$& --command-config client.properties');
}

/** Which option a word of a command line sets: --tls and --no-tls are one. */
function optionOf(word: string): string {
  return word.replace(/^--(no-)?/, '--');
}

import { shellWord } from '../../text/shell-word.js';

/** What to do where a context's store of version 0.1 is the one that is wanted. */
export function keepSharedStore(contextName: string, path: string): string {
  return `Before version 0.2 contexts shared ${path}: \`coupons context set ${contextName} --store ${shellWord(path)}\` keeps it for this one.`;
}

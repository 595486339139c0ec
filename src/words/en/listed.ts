import { count } from '../../text/figures.js';

/** How many names a sentence has room for. A topic may have thousands of partitions. */
const NAMED = 5;

/** "a, b, c, d, e and 3 more" */
export function listed(names: readonly string[]): string {
  const more = names.length - NAMED;
  return names.slice(0, NAMED).join(', ') + (more > 0 ? ` and ${count(more)} more` : '');
}

/** "partition 4", "partitions 0, 2" */
export function partitionList(partitions: readonly number[]): string {
  return `${partitions.length === 1 ? 'partition' : 'partitions'} ${listed(partitions.map(String))}`;
}

import type { Position } from '../ports/log.js';

/** A position as messages spell it: "topic/0@17". */
export function spellPosition({ topic, partition, offset }: Position): string {
  return `${topic}/${String(partition)}@${offset.toString()}`;
}

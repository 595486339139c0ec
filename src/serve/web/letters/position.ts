/** Where a record is, as the terminal spells it. */
export function positionOf({
  partition,
  offset,
}: {
  readonly partition: number;
  readonly offset: string;
}): string {
  return `${String(partition)}:${offset}`;
}

/** With its topic. */
export function placeOf(record: {
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
}): string {
  return `${record.topic} ${positionOf(record)}`;
}

import type { MemberData } from '../../console/wire/group.js';

/** "0, 2–5": runs are drawn together. With topics where there are several: "orders 0, 2–5 · payments 1". */
export function readsText(partitions: MemberData['partitions'], hasTopics: boolean): string {
  const topics = [...new Set(partitions.map(({ topic }) => topic))];
  return topics
    .map((topic) => {
      const numbers = runs(
        partitions.filter((each) => each.topic === topic).map(({ partition }) => partition),
      );
      return hasTopics ? `${topic} ${numbers}` : numbers;
    })
    .join(' · ');
}

function runs(numbers: readonly number[]): string {
  const found: { first: number; last: number }[] = [];
  for (const number of [...numbers].sort((a, b) => a - b)) {
    const run = found.at(-1);
    if (run?.last === number - 1) run.last = number;
    else found.push({ first: number, last: number });
  }
  return found
    .map(({ first, last }) => {
      if (first === last) return String(first);
      return `${String(first)}${last === first + 1 ? ', ' : '–'}${String(last)}`;
    })
    .join(', ');
}

import type { ChangedTerms, TermChange } from '../../history/term-changes.js';
import { isoTime } from '../../output/output.js';
import { table } from '../../output/table.js';
import { timesAt } from '../../text/times.js';
import { changeText, firstTerms } from '../../words/en/history-lines.js';

/** docs/contract.md, "campaigns show --history". */
export function versionJson(version: ChangedTerms) {
  const { name, totalQuantity, status } = version;
  return {
    version: version.version,
    at: isoTime(version.createdAtMs),
    changedBy: version.changedBy,
    name,
    totalQuantity,
    status,
    validFrom: isoTime(version.validFromMs),
    validUntil: isoTime(version.validUntilMs),
    changes: version.changes.map(changeJson),
  };
}

function changeJson({ term, from, to }: TermChange) {
  switch (term) {
    case 'validFromMs':
      return { term: 'validFrom', from: instantJson(from), to: instantJson(to) };
    case 'validUntilMs':
      return { term: 'validUntil', from: instantJson(from), to: instantJson(to) };
    default:
      return { term, from, to };
  }
}

function instantJson(value: TermChange['from']): string | null {
  return isoTime(typeof value === 'number' ? value : null);
}

/** When, who, and what changed from what to what. */
export function drawVersions(
  versions: readonly ChangedTerms[],
  columns: number,
  readAtMs: number | null,
): string {
  const timeOf = timesAt(
    readAtMs,
    versions.map(({ createdAtMs }) => createdAtMs),
  );
  return table(
    [
      { title: 'VERSION', align: 'right' },
      { title: 'SINCE (UTC)' },
      { title: 'BY', tight: 'fold' },
      { title: 'CHANGE', tight: 'fold' },
    ],
    versions.map((version) => [
      version.version,
      timeOf(version.createdAtMs),
      version.changedBy,
      version.changes.length === 0
        ? firstTerms(version)
        : version.changes.map(changeText).join(', '),
    ]),
    columns,
  );
}

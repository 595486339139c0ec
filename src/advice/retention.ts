import { deletedUnread } from '../ports/lag-sample.js';
import type { AdviceFacts } from './facts.js';
import type { RetentionFinding, Severe, Severity } from './finding.js';

/** What they rest on. */
type RetentionFacts = Pick<AdviceFacts, 'topic' | 'topics' | 'lag'>;

/** From this share of the retention on, unread records are at risk of deletion. */
const OLD_SHARE = 0.5;
const NEARLY_GONE_SHARE = 0.9;

/** Unread records that retention has deleted, or soon will. */
export function retentionFindings(facts: RetentionFacts): readonly Severe<RetentionFinding>[] {
  const { topic, lag } = facts;
  const findings: Severe<RetentionFinding>[] = [];
  const deletedOffsets = lag.partitions.reduce((sum, each) => sum + deletedUnread(each), 0n);
  if (deletedOffsets > 0n) {
    findings.push({ code: 'DELETED_UNREAD', severity: 'critical', topic, deletedOffsets });
  }
  const risk = retentionRisk(facts);
  if (risk !== null) {
    const { waitedMs, retentionMs } = risk;
    const severity = severityOf(risk);
    findings.push({ code: 'RETENTION_RISK', severity, topic, waitedMs, retentionMs });
  }
  const sizeRisk = retentionBytesRisk(facts);
  if (sizeRisk !== null) {
    const { partition, unreadBytes, retentionBytes } = sizeRisk;
    findings.push({
      code: 'RETENTION_BYTES_RISK',
      severity: severityOf(sizeRisk),
      topic,
      partition,
      unreadBytes,
      retentionBytes,
    });
  }
  return findings;
}

function severityOf({ share }: { readonly share: number }): Severity {
  return share >= NEARLY_GONE_SHARE ? 'critical' : 'warning';
}

export interface RetentionRisk {
  readonly waitedMs: number;
  readonly retentionMs: number;
  /** waited / retention */
  readonly share: number;
}

/** Null where less than OLD_SHARE is used up, or the group will have read everything before. */
export function retentionRisk({ topic, topics, lag }: RetentionFacts): RetentionRisk | null {
  const retentionMs = topics.find(({ name }) => name === topic)?.retentionMs ?? null;
  const waitedMs = Math.max(0, ...lag.partitions.map(({ timeLagMs }) => timeLagMs ?? 0));
  if (retentionMs === null || retentionMs <= 0) return null;
  const share = waitedMs / retentionMs;
  const leftMs = retentionMs - waitedMs;
  const readBefore = lag.etaSeconds !== null && lag.etaSeconds * 1000 < leftMs;
  return share < OLD_SHARE || readBefore ? null : { waitedMs, retentionMs, share };
}

export interface RetentionBytesRisk {
  readonly partition: number;
  /** Estimated: as if all records of the partition had one size. */
  readonly unreadBytes: number;
  readonly retentionBytes: number;
  /** unread / retention */
  readonly share: number;
}

/** The partition with the most unread bytes. Null below OLD_SHARE, and where the lag falls. */
export function retentionBytesRisk({
  topic,
  topics,
  lag,
}: RetentionFacts): RetentionBytesRisk | null {
  const found = topics.find(({ name }) => name === topic);
  const retentionBytes = found?.retentionBytes ?? null;
  if (found === undefined || retentionBytes === null || retentionBytes <= 0) return null;
  if (lag.etaSeconds !== null) return null;
  const [most] = lag.partitions
    .map(({ partition, startOffset, endOffset, lag: unread }) => {
      const size = found.partitions.find((known) => known.partition === partition)?.sizeBytes ?? 0;
      const records = Math.max(1, Number(endOffset - startOffset));
      return { partition, unreadBytes: Math.round((size * unread) / records) };
    })
    .sort((a, b) => b.unreadBytes - a.unreadBytes);
  const share = (most?.unreadBytes ?? 0) / retentionBytes;
  return most === undefined || share < OLD_SHARE ? null : { ...most, retentionBytes, share };
}

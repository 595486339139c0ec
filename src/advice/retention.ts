import { byteSize } from '../text/byte-size.js';
import { duration } from '../text/figures.js';
import type { AdviceFacts, AdviceFinding } from './facts.js';
import { deletedUnread } from '../ports/lag-sample.js';

/** From this share of the retention on, unread records are too old, or too many, to be left alone. */
const OLD_SHARE = 0.5;
const NEARLY_GONE_SHARE = 0.9;

/** Unread records that retention has deleted, or soon will. */
export function retentionFindings(facts: AdviceFacts): readonly AdviceFinding[] {
  const findings: AdviceFinding[] = [];
  const deleted = facts.lag.partitions.reduce((sum, each) => sum + deletedUnread(each), 0n);
  if (deleted > 0n) {
    findings.push({
      code: 'DELETED_UNREAD',
      severity: 'critical',
      message: `${deleted.toString()} offsets of ${facts.topic} were deleted before the group had read them: those requests are lost to it.`,
    });
  }
  const risk = retentionRisk(facts);
  if (risk !== null) {
    const leftMs = risk.retentionMs - risk.waitedMs;
    const left = leftMs > 0 ? `${duration(leftMs)} are left` : 'it may go at any moment';
    findings.push({
      code: 'RETENTION_RISK',
      severity: risk.share >= NEARLY_GONE_SHARE ? 'critical' : 'warning',
      message: `The oldest unread record of ${facts.topic} has waited ${duration(risk.waitedMs)}, and retention deletes it at ${duration(risk.retentionMs)}: ${left}.`,
    });
  }
  const sizeRisk = retentionBytesRisk(facts);
  if (sizeRisk !== null) {
    const { partition, unreadBytes, retentionBytes, share } = sizeRisk;
    findings.push({
      code: 'RETENTION_BYTES_RISK',
      severity: share >= NEARLY_GONE_SHARE ? 'critical' : 'warning',
      message: `The unread records of ${facts.topic} partition ${String(partition)} take about ${byteSize(unreadBytes)}, and retention keeps ${byteSize(retentionBytes)} of a partition: beyond that it deletes the oldest of them.`,
    });
  }
  return findings;
}

export interface RetentionRisk {
  readonly waitedMs: number;
  readonly retentionMs: number;
  /** waited / retention */
  readonly share: number;
}

/** Null where there is time enough, or the group will have read it all before. */
export function retentionRisk({ topic, topics, lag }: AdviceFacts): RetentionRisk | null {
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
  /** As far as its records are of one size. */
  readonly unreadBytes: number;
  readonly retentionBytes: number;
  /** unread / retention */
  readonly share: number;
}

/** The partition with the most unread bytes; null where there is room enough, or the lag falls. */
export function retentionBytesRisk({ topic, topics, lag }: AdviceFacts): RetentionBytesRisk | null {
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

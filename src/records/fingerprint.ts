import { crc32 } from 'node:zlib';
import type { Fingerprint } from '../ports/coupon-store.js';
import type { LogRecord } from '../ports/log.js';
import { timestampMsOf } from './timestamp.js';

/** Tells this record from whatever another log has at the same offset. */
export function fingerprintOf(record: LogRecord): Fingerprint {
  const key = crc32(record.key ?? '');
  return {
    offset: record.offset,
    timestampMs: timestampMsOf(record),
    checksum: crc32(record.value ?? '', key),
  };
}

export function sameRecord(a: Fingerprint, b: Fingerprint): boolean {
  return a.offset === b.offset && a.timestampMs === b.timestampMs && a.checksum === b.checksum;
}

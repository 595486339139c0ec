import { useState } from 'preact/hooks';
import type { AuditData } from '../../console/wire/audit.js';
import type { Failure } from '../../console/wire/part.js';
import { post } from '../api.js';
import { useKnown } from '../page.js';

export interface Audit extends AuditData {
  readonly run: () => void;
}

/** The latest audit, the one that runs, and how to start one. */
export function useAudit(): Audit {
  const { running = null, last = null, failure = null } = useKnown('audit') ?? {};
  const [refused, setRefused] = useState<Failure | null>(null);
  const run = (): void => {
    if (running === null) {
      void post('/api/audits').then((answer) => setRefused(answer.failure));
    }
  };
  return { running, last, failure: running === null ? (refused ?? failure) : null, run };
}

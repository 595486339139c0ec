import type { Services } from '../services.js';
import { counted } from '../../text/figures.js';
import type { AuditReport } from '../../audit/audit.js';
import { auditedEvent } from '../../audit/audited-event.js';
import { runAudit, type AuditProgress } from '../../audit/run.js';
import { liveLine, type LiveLine } from '../../output/spinner.js';
import { happened } from '../happened.js';
import type { CommandResult } from '../result.js';
import { auditDocument } from './document.js';
import { drawAudit } from './draw-audit.js';

interface Options {
  readonly coupon?: number;
  readonly group: string;
}

export async function run(services: Services, options: Options): Promise<CommandResult> {
  const startedMs = services.clock.now();
  const line = await liveLine(services.output, 'reading the store');
  const report = await audit(services, options, line).finally(() => {
    line.stop();
  });
  const elapsedMs = Math.round(services.clock.now() - startedMs);
  const document = auditDocument(report, elapsedMs);
  services.output.result(document, () => drawAudit(document, services.output));
  if (options.coupon !== undefined && report.records === 0) {
    services.output.note(`No record of the log asks for coupon ${String(options.coupon)}.`);
  }
  const event = auditedEvent(report, options.coupon ?? null, elapsedMs);
  if (event !== null) await happened(services, event);
  return report.verdict === 'PASS' ? undefined : 'check-failed';
}

async function audit(services: Services, options: Options, line: LiveLine): Promise<AuditReport> {
  const sources = {
    store: await services.readableStore(),
    storePath: services.storePlace().path,
    reader: await services.reader(),
    admin: await services.admin(),
  };
  const onProgress = ({ records, outcomes }: AuditProgress) => {
    line.update(
      outcomes === 0
        ? `read ${counted(records, 'record')}`
        : `applied ${counted(outcomes, 'outcome')} again`,
    );
  };
  return runAudit(sources, {
    group: options.group,
    couponId: options.coupon ?? null,
    onProgress,
  });
}

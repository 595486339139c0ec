import type { Services } from '../services.js';
import { reportOf, type Check, type CheckStatus, type DoctorReport } from '../../doctor/doctor.js';
import { wrapped, wrappedRemedy } from '../../output/wrap.js';
import { liveLine } from '../../output/spinner.js';
import type { CommandResult } from '../result.js';
import { examineCluster } from './cluster.js';
import { examineMachine } from './machine.js';

interface Options {
  readonly group: string;
}

export async function run(services: Services, { group }: Options): Promise<CommandResult> {
  const line = await liveLine(services.output, 'looking at this machine');
  let checks: readonly Check[];
  try {
    const machine = await examineMachine(services);
    line.update(`asking ${services.options.brokers.join(', ')}`);
    checks = [...machine, ...(await examineCluster(services, group))];
  } finally {
    line.stop();
  }
  const report = reportOf(
    checks.map((check) => ({
      ...check,
      fix: check.fix === null ? null : services.pasted(check.fix),
    })),
  );
  services.output.result(report, () => draw(services, report));
  return report.verdict === 'FAIL' ? 'check-failed' : undefined;
}

/** Between status, name and detail. */
const GAP = '  ';
/** With less room than this beside the names, details stand below them. */
const LEAST_DETAIL_COLUMNS = 30;

function draw(services: Services, { verdict, checks }: DoctorReport): string {
  const { paint, columns } = services.output;
  const nameWidth = Math.max(...checks.map(({ name }) => name.length));
  const beside = 'pass'.length + nameWidth + 2 * GAP.length;
  const isNarrow = columns - beside < LEAST_DETAIL_COLUMNS;
  const indent = isNarrow ? GAP : ' '.repeat(beside);
  const room = columns - indent.length;
  const lines = checks.flatMap(({ name, status, detail, fix }) => {
    const head = `${paintStatus(services, status)}${GAP}`;
    const [first = '', ...more] = wrapped(detail, room).split('\n');
    const mending = fix === null ? [] : wrappedRemedy(`fix: ${fix}`, room).split('\n');
    const [fixing = '', ...fixingMore] = mending;
    const fixed = [fixing.replace('fix:', paint.dim('fix:')), ...fixingMore];
    return [
      ...(isNarrow ? [head + name, indent + first] : [head + name.padEnd(nameWidth) + GAP + first]),
      ...[...more, ...(fix === null ? [] : fixed)].map((line) => indent + line),
    ];
  });
  const painted = verdict === 'PASS' ? paint.green(verdict) : paint.red(verdict);
  return [...lines, '', [painted, ...tally(checks)].join(GAP)].join('\n');
}

/** What there is to look at, so that nobody has to count. */
function tally(checks: readonly Check[]): readonly string[] {
  const found = (status: CheckStatus, one: string, more: string) => {
    const number = checks.filter((check) => check.status === status).length;
    return number === 0 ? [] : [`${String(number)} ${number === 1 ? one : more}`];
  };
  return [...found('fail', 'failure', 'failures'), ...found('warn', 'warning', 'warnings')];
}

function paintStatus(services: Services, status: CheckStatus): string {
  const { paint } = services.output;
  switch (status) {
    case 'pass':
      return paint.green(status);
    case 'warn':
      return paint.yellow(status);
    case 'fail':
      return paint.red(status);
  }
}

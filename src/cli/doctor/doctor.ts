import type { Services } from '../services.js';
import type { Check, CheckStatus } from '../../doctor/check.js';
import { wrapped, wrappedRemedy } from '../../output/wrap.js';
import { liveLine } from '../../output/spinner.js';
import { displayWidth } from '../../output/width.js';
import type { CommandResult } from '../result.js';
import { doctorDocument, type DoctorDocument, type WordedCheck } from './document.js';
import { examineCluster } from './observe-cluster.js';
import { examineMachine } from './observe-machine.js';

interface Options {
  readonly group: string;
}

export async function run(services: Services, { group }: Options): Promise<CommandResult> {
  const line = await liveLine(services.output, 'checking this machine');
  let checks: readonly Check[];
  try {
    const machine = await examineMachine(services);
    line.update(`asking ${services.options.brokers.join(', ')}`);
    checks = [...machine, ...(await examineCluster(services, group))];
  } finally {
    line.stop();
  }
  const document = doctorDocument(checks, (command) => services.pasted(command));
  services.output.result(document, () => draw(services, document));
  return document.verdict === 'FAIL' ? 'check-failed' : undefined;
}

/** Between status, name and detail. */
const GAP = '  ';
/** With less room than this beside the names, or than their longest word takes, details stand below them. */
const LEAST_DETAIL_COLUMNS = 30;

function draw(services: Services, { verdict, checks }: DoctorDocument): string {
  const { paint, columns } = services.output;
  const nameWidth = Math.max(...checks.map(({ name }) => name.length));
  const beside = 'pass'.length + nameWidth + 2 * GAP.length;
  const words = checks.flatMap(({ detail }) => detail.split(' ')).map(displayWidth);
  const isNarrow = columns - beside < Math.max(LEAST_DETAIL_COLUMNS, ...words);
  const indent = isNarrow ? GAP : ' '.repeat(beside);
  const room = columns - indent.length;
  const lines = checks.flatMap(({ name, status, detail, fix }) => {
    const head = `${paintStatus(services, status)}${GAP}`;
    const [first = '', ...more] = wrapped(detail, room).split('\n');
    const fixLines = fix === null ? [] : wrappedRemedy(`fix: ${fix}`, room).split('\n');
    const [fixing = '', ...fixingMore] = fixLines;
    const fixed = [fixing.replace('fix:', paint.dim('fix:')), ...fixingMore];
    return [
      ...(isNarrow ? [head + name, indent + first] : [head + name.padEnd(nameWidth) + GAP + first]),
      ...[...more, ...(fix === null ? [] : fixed)].map((line) => indent + line),
    ];
  });
  const painted = verdict === 'PASS' ? paint.green(verdict) : paint.red(verdict);
  return [...lines, '', [painted, ...tally(checks)].join(GAP)].join('\n');
}

/** How many failures and warnings there are. */
function tally(checks: readonly WordedCheck[]): readonly string[] {
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

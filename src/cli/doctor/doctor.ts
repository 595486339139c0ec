import type { Services } from '../services.js';
import { hasLooked, type Check, type CheckStatus } from '../../doctor/check.js';
import { besideStoreOfGroup } from '../../doctor/store-checks.js';
import { wrapped, wrappedRemedy } from '../../output/wrap.js';
import { liveLine } from '../../output/spinner.js';
import { displayWidth } from '../../output/width.js';
import { counted } from '../../text/figures.js';
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
    checks = besideStoreOfGroup([...machine, ...(await examineCluster(services, group))]);
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
  const lines = checks.flatMap((check) => {
    const { name, detail, fix } = check;
    const head = `${paintStatus(services, check)}${GAP}`;
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

/** How many failures and warnings there are, and how many checks had nothing to look at. */
function tally(checks: readonly WordedCheck[]): readonly string[] {
  const looked = checks.filter(hasLooked);
  const found = (status: CheckStatus) => looked.filter((check) => check.status === status).length;
  const unlooked = checks.length - looked.length;
  return [
    [found('fail'), counted(found('fail'), 'failure')] as const,
    [found('warn'), counted(found('warn'), 'warning')] as const,
    [unlooked, `${String(unlooked)} not checked`] as const,
  ].flatMap(([number, text]) => (number === 0 ? [] : [text]));
}

/** As wide as the longest status. */
const UNLOOKED = '-   ';

function paintStatus(services: Services, check: WordedCheck): string {
  const { paint } = services.output;
  if (!hasLooked(check)) return paint.dim(UNLOOKED);
  const { status } = check;
  switch (status) {
    case 'pass':
      return paint.green(status);
    case 'warn':
      return paint.yellow(status);
    case 'fail':
      return paint.red(status);
  }
}

import type { Context } from '../context.js';
import { reportOf, type Check, type CheckStatus, type DoctorReport } from '../monitor/doctor.js';
import { wrapped } from '../output/wrap.js';
import { liveLine } from '../output/spinner.js';
import type { CommandResult } from './result.js';
import { examineCluster } from './doctor-cluster.js';
import { examineMachine } from './doctor-machine.js';

interface Options {
  readonly group: string;
}

export async function run(context: Context, { group }: Options): Promise<CommandResult> {
  const line = await liveLine(context.output, 'looking at this machine');
  let checks: readonly Check[];
  try {
    const machine = await examineMachine(context);
    line.update(`asking ${context.options.brokers.join(', ')}`);
    checks = [...machine, ...(await examineCluster(context, group))];
  } finally {
    line.stop();
  }
  const report = reportOf(
    checks.map((check) => ({
      ...check,
      fix: check.fix === null ? null : context.pasted(check.fix),
    })),
  );
  context.output.result(report, () => draw(context, report));
  return report.verdict === 'FAIL' ? 'check-failed' : undefined;
}

function draw(context: Context, { verdict, checks }: DoctorReport): string {
  const { paint } = context.output;
  const nameWidth = Math.max(...checks.map(({ name }) => name.length));
  const indent = ' '.repeat('pass'.length + nameWidth + 4);
  const lines = checks.flatMap(({ name, status, detail, fix }) => {
    const width = context.output.columns - indent.length - 2;
    const [first = '', ...more] = wrapped(detail, width).split('\n');
    return [
      `${paintStatus(context, status)}  ${name.padEnd(nameWidth)}  ${first}`,
      ...more.map((line) => indent + line),
      // Whole, so that it can be copied.
      ...(fix === null ? [] : [`${indent}${paint.dim('fix:')} ${fix}`]),
    ];
  });
  const painted = verdict === 'PASS' ? paint.green(verdict) : paint.red(verdict);
  return [...lines, '', painted].join('\n');
}

function paintStatus(context: Context, status: CheckStatus): string {
  const { paint } = context.output;
  switch (status) {
    case 'pass':
      return paint.green(status);
    case 'warn':
      return paint.yellow(status);
    case 'fail':
      return paint.red(status);
  }
}

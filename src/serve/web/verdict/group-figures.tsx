import { count } from '../../../text/figures.js';
import type { GroupData } from '../../console/wire/group.js';
import { rateOf } from '../format/rate.js';
import { usePage } from '../page.js';
import { Figure } from './figure.js';

const UNKNOWN = '–';

/** Lag, waiting time, rates, ETA and members. */
export function GroupFigures({ group }: { readonly group: GroupData | null }) {
  const { verdict, figures } = usePage().words;
  const { trend = null, etaSeconds = null, timeLagMs = null } = group ?? {};
  const rate = (perSecond: number | null | undefined): string => rateOf(perSecond ?? null, figures);
  return (
    <>
      <Figure
        name={verdict.lag}
        value={group === null ? UNKNOWN : count(group.totalLag)}
        note={trend === null || group?.totalLag === 0 ? '' : <Trend trend={trend} />}
      />
      <Figure
        name={verdict.waited}
        value={timeLagMs === null ? UNKNOWN : figures.duration(timeLagMs)}
        note={
          etaSeconds === null || group?.totalLag === 0
            ? ''
            : verdict.eta(figures.age(etaSeconds * 1000))
        }
      />
      <Figure name={verdict.in} value={rate(group?.inPerSecond)} />
      <Figure name={verdict.out} value={rate(group?.outPerSecond)} />
      <Figure
        name={verdict.members}
        value={group === null ? UNKNOWN : count(group.memberCount)}
        note={group?.state}
      />
    </>
  );
}

const ARROWS = { falling: '↓', steady: '→', growing: '↑' };

function Trend({ trend }: { readonly trend: NonNullable<GroupData['trend']> }) {
  const { verdict } = usePage().words;
  return (
    <>
      <span aria-hidden="true">{ARROWS[trend]}</span> {verdict.trend[trend]}
    </>
  );
}

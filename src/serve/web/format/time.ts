/** Instants in the viewer's time zone. */

export interface Clock {
  /** "14:03:09" */
  time(ms: number): string;
  /** "14:03" */
  minute(ms: number): string;
  /** "Nov 27, 14:03:09", and the year where it is not the present one. */
  dateTime(ms: number): string;
  /** "Asia/Seoul (GMT+9)" */
  readonly zone: string;
}

/** `zone` of the IANA, or undefined for the viewer's own. */
export function clockOf(language: string, zone?: string): Clock {
  const options = { hourCycle: 'h23', timeZone: zone } as const;
  const hourMinute = { hour: '2-digit', minute: '2-digit' } as const;
  const clock = { ...hourMinute, second: '2-digit' } as const;
  const date = { ...clock, month: 'short', day: 'numeric' } as const;
  const time = new Intl.DateTimeFormat(language, { ...options, ...clock });
  const minute = new Intl.DateTimeFormat(language, { ...options, ...hourMinute });
  const dateTime = new Intl.DateTimeFormat(language, { ...options, ...date });
  const withYear = new Intl.DateTimeFormat(language, { ...options, ...date, year: 'numeric' });
  const year = new Intl.DateTimeFormat('en', { timeZone: zone, year: 'numeric' });
  return {
    time: (ms) => time.format(ms),
    minute: (ms) => minute.format(ms),
    dateTime: (ms) =>
      (year.format(ms) === year.format(Date.now()) ? dateTime : withYear).format(ms),
    zone: zoneName(time.resolvedOptions().timeZone),
  };
}

function zoneName(zone: string): string {
  const offset = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'shortOffset' })
    .formatToParts()
    .find(({ type }) => type === 'timeZoneName');
  return `${zone} (${offset?.value ?? ''})`;
}

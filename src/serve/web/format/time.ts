/** Instants in the viewer's time zone. */

export interface Clock {
  /** "14:03:09" */
  time(ms: number): string;
  /** "14:03" */
  minute(ms: number): string;
  /** "Nov 27", and the year where it is not the present one. */
  date(ms: number): string;
  /** "Nov 27, 14:03:09", and the year where it is not the present one. */
  dateTime(ms: number): string;
  /** "Asia/Seoul (GMT+9)" */
  readonly zone: string;
}

/** `zone` of the IANA, or undefined for the viewer's own. */
export function clockOf(language: string, zone?: string): Clock {
  const format = (parts: Intl.DateTimeFormatOptions): Intl.DateTimeFormat =>
    new Intl.DateTimeFormat(language, { hourCycle: 'h23', timeZone: zone, ...parts });
  const hourMinute = { hour: '2-digit', minute: '2-digit' } as const;
  const clock = { ...hourMinute, second: '2-digit' } as const;
  const day = { month: 'short', day: 'numeric' } as const;
  const dayOfYear = { ...day, year: 'numeric' } as const;
  const year = new Intl.DateTimeFormat('en', { timeZone: zone, year: 'numeric' });
  const isThisYear = (ms: number): boolean => year.format(ms) === year.format(Date.now());
  const [time, minute] = [format(clock), format(hourMinute)];
  const [date, oldDate] = [format(day), format(dayOfYear)];
  const [dateTime, oldDateTime] = [
    format({ ...day, ...clock }),
    format({ ...dayOfYear, ...clock }),
  ];
  return {
    time: (ms) => time.format(ms),
    minute: (ms) => minute.format(ms),
    date: (ms) => (isThisYear(ms) ? date : oldDate).format(ms),
    dateTime: (ms) => (isThisYear(ms) ? dateTime : oldDateTime).format(ms),
    zone: zoneName(time.resolvedOptions().timeZone),
  };
}

function zoneName(zone: string): string {
  const offset = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'shortOffset' })
    .formatToParts()
    .find(({ type }) => type === 'timeZoneName');
  return `${zone} (${offset?.value ?? ''})`;
}

export interface AgeUnits {
  readonly seconds: string;
  readonly minutes: string;
  readonly hours: string;
  readonly days: string;
}

/** About how old something is, in its largest unit: days from 48 hours on. */
export function ageIn(units: AgeUnits, ms: number): string {
  const seconds = Math.floor(Math.max(0, ms) / 1000);
  if (seconds < 60) return `${String(seconds)}${units.seconds}`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${String(minutes)}${units.minutes}`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${String(hours)}${units.hours}`;
  return `${String(Math.floor(hours / 24))}${units.days}`;
}

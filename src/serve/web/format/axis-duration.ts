export interface AxisUnits {
  readonly ms: string;
  readonly seconds: string;
  readonly minutes: string;
}

/** Short, and no two ticks alike: at most one decimal. Minutes from two on. */
export function axisDurationIn(units: AxisUnits, ms: number): string {
  if (ms < 1000) return `${String(ms)}${units.ms}`;
  if (ms < 120_000) return `${rounded(ms / 1000)}${units.seconds}`;
  return `${rounded(ms / 60_000)}${units.minutes}`;
}

function rounded(value: number): string {
  return String(Math.round(value * 10) / 10);
}

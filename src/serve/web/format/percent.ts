/** 0 to 1 → "0%" to "100%"; "<1%" and ">99%" rather than a 0% or 100% that is not true. */
export function percent(share: number): string {
  const rounded = Math.round(share * 100);
  if (rounded === 0 && share > 0) return '<1%';
  if (rounded === 100 && share < 1) return '>99%';
  return `${String(rounded)}%`;
}

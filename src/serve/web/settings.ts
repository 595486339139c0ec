/** What the viewer chose, kept in this browser. A browser that keeps nothing only forgets it. */
export const THEMES = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

export type Setting = 'language' | 'theme';

export function readSetting(name: Setting): string | null {
  try {
    return localStorage.getItem(`coupons-${name}`);
  } catch {
    return null;
  }
}

export function keepSetting(name: Setting, value: string): void {
  try {
    localStorage.setItem(`coupons-${name}`, value);
  } catch {
    // Storage is full or forbidden: the choice lasts as long as the page.
  }
}

export function themeOf(kept: string | null): Theme {
  return THEMES.find((theme) => theme === kept) ?? 'auto';
}

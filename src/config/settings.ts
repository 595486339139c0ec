import { isStoreUrl } from './store-location.js';

/**
 * The options that a context may keep, by the names they have on the command line. A password is
 * not among them: only where to find it.
 */
export const SETTING_NAMES = [
  'brokers',
  'data-dir',
  'store',
  'output',
  'timeout',
  'tls',
  'tls-ca',
  'tls-cert',
  'tls-key',
  'sasl-mechanism',
  'sasl-username',
  'sasl-password-env',
  'sasl-password-file',
  'store-password-env',
  'store-password-file',
  'protected',
] as const;

export type SettingName = (typeof SETTING_NAMES)[number];

const PATH_SETTINGS: ReadonlySet<SettingName> = new Set([
  'data-dir',
  'store',
  'tls-ca',
  'tls-cert',
  'tls-key',
  'sasl-password-file',
  'store-password-file',
]);

/** Whether a value names a file: in the config file a relative path is relative to that file. */
export function isPath(name: SettingName, value: string): boolean {
  return PATH_SETTINGS.has(name) && !(name === 'store' && isStoreUrl(value));
}

/** As the option takes it: text, except for `tls` and `protected` (true or false) and `timeout` (seconds). */
export type SettingValue = string | number | boolean;

export type ContextSettings = Readonly<Partial<Record<SettingName, SettingValue>>>;

/** What one setting comes to, and why. */
export interface EffectiveSetting {
  readonly name: SettingName | 'sasl-password' | 'store-password';
  /** Null: not set. Never a secret. */
  readonly value: SettingValue | readonly string[] | null;
  readonly source: 'flag' | 'environment' | 'context' | 'default';
  /** The flag, the variable or the context's name; null for a default. */
  readonly from: string | null;
}

export function isSettingName(name: string): name is SettingName {
  return (SETTING_NAMES as readonly string[]).includes(name);
}

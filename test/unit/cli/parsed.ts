import { Command } from 'commander';
import { configPath, writeConfig, type Config } from '../../../src/config/config-file.js';
import type { ContextSettings } from '../../../src/config/settings.js';
import { declareGlobalOptions, type GlobalOptions } from '../../../src/cli/settings/options.js';
import { resolveOptions, type ContextUse } from '../../../src/cli/settings/settings.js';
import { temporaryDir } from '../../support/temporary-dir.js';

export interface Call {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly contexts?: Readonly<Record<string, ContextSettings>>;
  readonly current?: string | null;
  readonly use?: ContextUse;
}

/** What a command would get: commander reads its environment from the process, so this sets that. */
export function parsed(call: Call = {}): GlobalOptions {
  const { args = [], contexts = {}, current = null } = call;
  const env: NodeJS.ProcessEnv = {
    HOME: '/nowhere',
    XDG_CONFIG_HOME: temporaryDir(),
    ...call.env,
  };
  const config: Config = { current, contexts: new Map(Object.entries(contexts)) };
  writeConfig(configPath(env), config);
  const program = new Command('coupons').exitOverride().configureOutput({
    writeErr: () => undefined,
  });
  declareGlobalOptions(program);
  const before = process.env;
  process.env = env;
  try {
    program.parse(['node', 'coupons', ...args]);
  } finally {
    process.env = before;
  }
  return resolveOptions(program, env, call.use);
}

/** Where the value of a setting comes from, as `context show` says it. */
export function originOf({ settings }: GlobalOptions, name: string): string {
  const setting = settings.find((candidate) => candidate.name === name);
  return [setting?.source, setting?.from].filter((part) => part != null).join(' ');
}

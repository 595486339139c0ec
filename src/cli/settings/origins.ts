/** Where the values of options come from. */
import type { Command } from 'commander';
import type { EffectiveSetting, SettingName } from '../../config/settings.js';

/** By commander's names for where a value is from; the first one that says anything wins. */
export const LEVELS = ['cli', 'env', 'config'] as const;

export type Level = (typeof LEVELS)[number];

export type Origin = Pick<EffectiveSetting, 'source' | 'from'>;

export class Origins {
  constructor(
    private readonly program: Command,
    private readonly contextName: string | null,
  ) {}

  isAt(name: SettingName, level: Level): boolean {
    return this.#source(name) === level;
  }

  of(name: SettingName): Origin {
    switch (this.#source(name)) {
      case 'cli':
        return { source: 'flag', from: this.#flag(name) };
      case 'env':
        return {
          source: 'environment',
          from: `COUPONS_${name.toUpperCase().replaceAll('-', '_')}`,
        };
      case 'config':
        return { source: 'context', from: this.contextName };
      default:
        return { source: 'default', from: null };
    }
  }

  #flag(name: SettingName): string {
    return this.program.getOptionValue(name) === false ? `--no-${name}` : `--${name}`;
  }

  #source(name: SettingName): string | undefined {
    const option = this.program.options.find((candidate) => candidate.name() === name);
    return option && this.program.getOptionValueSource(option.attributeName());
  }
}

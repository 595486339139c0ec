export interface StatusCommandOptions {
  readonly group: string;
  readonly watch?: boolean;
  /** In seconds. */
  readonly interval: number;
}

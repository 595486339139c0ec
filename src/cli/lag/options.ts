export interface LagCommandOptions {
  readonly group: string;
  readonly topic?: string;
  readonly warnAbove: number;
  readonly failAbove?: number;
  readonly watch?: boolean;
  readonly wait?: boolean;
  /** In seconds. */
  readonly interval: number;
}

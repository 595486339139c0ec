/** One sentence in each language of the console. Commands stand in backquotes. */
export interface Worded {
  readonly en: string;
  readonly ko: string;
}

/** What a file of requests may be written in. */
export const FILE_FORMATS = ['jsonl', 'csv'] as const;

export type FileFormat = (typeof FILE_FORMATS)[number];

import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';

export interface Asset {
  readonly contentType: string;
  readonly content: Buffer;
}

/** The files of the page by their names. */
export type Assets = ReadonlyMap<string, Asset>;

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** All of a folder's files that a browser may have, read once: what is asked for later never names a path. */
export function readAssets(dir: string): Assets {
  const names = readdirSync(dir).filter((name) => CONTENT_TYPES[extname(name)] !== undefined);
  return new Map(
    names.map((name) => [
      name,
      {
        contentType: CONTENT_TYPES[extname(name)] ?? '',
        content: readFileSync(join(dir, name)),
      },
    ]),
  );
}

import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { CliError, messageOf } from '../errors.js';

/**
 * Writes a file whole or not at all: under another name first, so that an export that breaks off
 * leaves no half file behind and a file that was there before as it was. Throws CliError
 * CANNOT_WRITE_FILE; an error of the data's own source passes where it is a CliError.
 */
export async function writeWhole(file: string, data: Readable): Promise<void> {
  const unfinished = `${file}.${String(process.pid)}.tmp`;
  try {
    await pipeline(data, createWriteStream(unfinished));
    await rename(unfinished, file);
  } catch (error) {
    await rm(unfinished, { force: true });
    if (error instanceof CliError) throw error;
    throw new CliError(
      'CANNOT_WRITE_FILE',
      `Cannot write the export to ${file}: ${messageOf(error)}`,
      'Give a --file in a directory that exists and can be written, with room on its disk.',
      { cause: error },
    );
  }
}

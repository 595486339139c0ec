import { existsSync } from 'node:fs';
import { liveLine } from '../../output/spinner.js';
import { pairs } from '../../output/table.js';
import { promptedCommand } from '../../output/wrap.js';
import { byteSize } from '../../text/byte-size.js';
import { count, duration } from '../../text/figures.js';
import { shellWord } from '../../text/shell-word.js';
import type { CommandResult } from '../result.js';
import type { Services } from '../services.js';
import { backUpStore, refuseDatabase } from '../stores.js';

interface Options {
  readonly yes?: boolean;
}

export async function run(
  services: Services,
  options: Options,
  file: string,
): Promise<CommandResult> {
  const { clock, output } = services;
  refuseDatabase(services.options);
  const replace = existsSync(file);
  const target = { store: true, copyTo: file } as const;
  if (replace) await services.confirm(`Replace the file ${file}`, target, options, false);
  else await services.announceChange(target);
  const startedMs = clock.now();
  const line = await liveLine(output, 'backing up the store');
  try {
    const backup = await backUpStore(services.options, file, {
      replace,
      onProgress: ({ bytes, totalBytes }) => {
        line.update(`backing up the store: ${byteSize(bytes)} of ${byteSize(totalBytes)}`);
      },
    });
    line.stop();
    const document = { ...backup, elapsedMs: Math.round(clock.now() - startedMs) };
    output.result(document, () =>
      pairs(
        [
          ['store', backup.store],
          ['file', backup.file],
          ['size', byteSize(backup.sizeBytes)],
          ['campaigns', count(backup.campaigns)],
          ['outcomes', count(backup.outcomes)],
          ['took', duration(document.elapsedMs)],
        ],
        output.columns,
      ),
    );
  } finally {
    line.stop();
  }
  output.note('After a loss of the store:');
  const store = shellWord(services.options.store.name);
  for (const command of [
    `coupons store copy --from ${shellWord(file)} --to ${store}`,
    services.pasted('coupons store take-over'),
  ]) {
    for (const line of promptedCommand(command, output.talkColumns, '  ')) output.note(line);
  }
  return undefined;
}

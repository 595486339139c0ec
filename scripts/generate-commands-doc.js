// npm run docs:commands
// Writes docs/commands.md from the built program.
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const { buildProgram, commandsPage } = createRequire(import.meta.url)('../dist/coupons.cjs');

writeFileSync(new URL('../docs/commands.md', import.meta.url), commandsPage(buildProgram({})));

// npm run docs:commands
// Writes docs/commands.md from the built program.
import { writeFileSync } from 'node:fs';
import { commandsPage } from '../dist/program/commands-page.js';
import { buildProgram } from '../dist/program/program.js';

writeFileSync(new URL('../docs/commands.md', import.meta.url), commandsPage(buildProgram({})));

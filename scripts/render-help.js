// Part of `npm run build`: keeps what `coupons --help` prints on 80 columns in dist/help.txt, so that
// bin/coupons.js can print it without loading the program.
import { writeFileSync } from 'node:fs';
import { buildProgram } from '../dist/program/program.js';

const program = buildProgram({}).configureOutput({ getOutHelpWidth: () => 80 });
let text = '';
program.configureOutput({ writeOut: (part) => (text += part) }).outputHelp();
writeFileSync(new URL('../dist/help.txt', import.meta.url), text);

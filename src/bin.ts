#!/usr/bin/env node
// The command line's front door; the version is answered before anything else is loaded.
import { VERSION } from './cli/version.ts';

const argv = process.argv.slice(2);
if (argv.length === 1 && argv[0] === '--version') process.stdout.write(`${VERSION}\n`);
else await (await import('./cli/run.ts')).run(argv);

#!/usr/bin/env node
// The command line's front door; the version is answered before anything else is loaded.
import { VERSION } from './cli/version.ts';

// kubectl asks a plugin's completion under this name, with the words and the one at the cursor.
const isCompletion = /[\\/]kubectl_complete-kubeplan(?:\.js)?$/.test(process.argv[1] ?? '');
const argv = [...(isCompletion ? ['__complete'] : []), ...process.argv.slice(2)];
if (argv.length === 1 && argv[0] === '--version') process.stdout.write(`${VERSION}\n`);
else await (await import('./cli/run.ts')).run(argv);

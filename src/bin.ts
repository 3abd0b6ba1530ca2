#!/usr/bin/env node
// The command line's front door.
import { run } from './cli/run.ts';

await run(process.argv.slice(2));

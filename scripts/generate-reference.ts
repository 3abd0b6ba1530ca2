// Writes docs/reference from the command table, the JSON Schemas and the table of rules.
// usage: npm run reference
import { mkdirSync, writeFileSync } from 'node:fs';
import { REFERENCE_PAGES } from './reference/pages.ts';

mkdirSync('docs/reference', { recursive: true });
for (const [file, page] of Object.entries(REFERENCE_PAGES)) writeFileSync(file, page());

// The reference pages say what the command table, the schemas and the table of rules say, and every code of a diagnostic is among the rules.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { REFERENCE_PAGES } from '../../scripts/reference/pages.ts';
import { COMMANDS } from '../../src/cli/commands.ts';
import { meaningOf, RULE_GROUPS } from '../../src/report/findings/rules.ts';

const reference = suite('reference');
for (const [file, page] of Object.entries(REFERENCE_PAGES))
  reference(`${file} is current; npm run reference writes it`, () =>
    assert.fixture(readFileSync(file, 'utf8'), page()),
  );
reference('every diagnostic has a code that docs/reference/diagnostics.md explains', () => {
  const missing = new Set<string>();
  let found = 0;
  for (const name of readdirSync('src', { recursive: true, encoding: 'utf8' })) {
    if (!/\.tsx?$/.test(name)) continue;
    const source = readFileSync(join('src', name), 'utf8');
    for (const [, code = ''] of source.matchAll(/severity: '(?:error|warning|info)'(?: as const)?,\s+code: '(\w+)'/g)) {
      found += 1;
      if (meaningOf(code) === code) missing.add(`${code} (src/${name})`);
    }
  }
  assert.ok(found > 5, 'codes were found');
  assert.equal([...missing], [], 'add a line to src/report/findings/rules.ts');
});
reference('no rule stands twice', () => {
  const ids = RULE_GROUPS.flatMap(({ rules }) => rules.map(({ id }) => id));
  assert.is(new Set(ids).size, ids.length);
});
reference('every command has an example that starts with its name', () => {
  for (const { command } of COMMANDS) {
    assert.ok(command.examples.length > 0, command.name);
    for (const example of command.examples) assert.ok(example.startsWith(command.name), example);
  }
});
reference.run();

// CEL costs time to load, which an input without expressions must not pay.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { cel, loadCel } from '../../../src/apiserver/cel/loaded.ts';

const loaded = suite('loading CEL');

/** The files that come with a file, over imports that are neither of types alone nor made when they are needed. */
function loadedWith(file: string, seen = new Set<string>()): ReadonlySet<string> {
  if (seen.has(file) || !existsSync(file)) return seen;
  seen.add(file);
  const text = readFileSync(file, 'utf8');
  for (const [, clause = '', path = ''] of text.matchAll(/^(?:import|export) ([^;]*?)from '(\.[^']*)';/gms))
    if (!clause.startsWith('type ')) loadedWith(join(dirname(file), path), seen);
  return seen;
}

loaded('nothing that a plan always loads brings CEL along', () => {
  const files = [...loadedWith('src/planner/parts.ts'), ...loadedWith('src/planner/make-plan.ts')];
  assert.ok(files.includes('src/apiserver/admission/chain/plugins.ts'));
  assert.equal(
    files.filter((file) => file.startsWith('src/apiserver/cel/') && !file.endsWith('/loaded.ts')),
    [],
  );
});

loaded('groups without expressions do not load it, others do', async () => {
  await loadCel(['', 'apps', 'batch']);
  assert.throws(cel);
  await loadCel(['apps', 'admissionregistration.k8s.io']);
  assert.type(cel().PolicyCompiler, 'function');
});

loaded.run();

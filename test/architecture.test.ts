// The import directions of src: a folder may import only from those below it. ARCHITECTURE.md says what each folder must not know.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

/** Folder -> folders (or parts of them) that it may import besides itself. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  apimachinery: [],
  selectors: ['apimachinery'],
  schema: ['apimachinery'],
  manifests: ['apimachinery', 'schema'],
  apiserver: ['apimachinery', 'selectors', 'schema'],
  planner: ['apimachinery', 'selectors', 'schema', 'manifests', 'apiserver'],
  report: [
    'apimachinery',
    'selectors',
    'planner/changes/plan.ts',
    // How a document hides values of Secrets: a report hides them once more.
    'planner/changes/fields/secret-values.ts',
    'planner/explain/pod-explanation.ts',
    'planner/validation/validation-report.ts',
    'schema',
  ],
  cli: ['apimachinery', 'selectors', 'schema', 'manifests', 'apiserver', 'planner', 'report'],
};
/** Rooms under planner/controllers that are no controllers: what several of them share. */
const SHARED_BY_CONTROLLERS = new Set(['history', 'pod-control', 'pod-template-hash', 'service-endpoints']);
/** As upstream, where replication controllers are ReplicaSets under another name. */
const BUILT_ON: Readonly<Record<string, string>> = { replication: 'replicaset' };
/** The components under planner/, each with what it may know of others. */
const COMPONENTS: Readonly<Record<string, readonly string[]>> = {
  scheduler: [],
  proxy: [],
  // Upstream's kubelet admits pods by the scheduler's own rules.
  kubelet: ['scheduler/framework/'],
  // Whether a node is described as silent.
  controllers: ['kubelet/outcome.ts'],
  cloud: ['kubelet/pods/pod-ips.ts'],
};
/** Names that would make a result depend on the machine or the moment. */
const FORBIDDEN = [
  /\bDate\.now\(/,
  /\bnew Date\(\)/,
  /\bMath\.random\(/,
  /\btoLocale\w+\(/,
  /\blocaleCompare\(/,
  /\bperformance\.now\(/,
];

const files = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.tsx?$/.test(name) && !name.startsWith(join('schema', 'generated')))
  .sort();
const IMPORT = /(?:^|\n)\s*(?:import|export)\s[^;]*?from\s+'([^']+)'|\bimport\('([^']+)'\)/g;

const VALUE_IMPORT = /(?:^|\n)(?:import|export)\s+(?!type\s)([^;]*?)\s*from\s+'(\.[^']+)'/g;

const layers = suite('import directions');
for (const file of files) {
  const folder = file.split('/')[0]!;
  if (!file.includes('/')) continue;
  layers(`${file} imports only what its folder may know`, () => {
    const source = readFileSync(join('src', file), 'utf8');
    assert.ok(MAY_IMPORT[folder], `${folder}/ has no line in MAY_IMPORT`);
    for (const [, from, lazily] of source.matchAll(IMPORT)) {
      const target = from ?? lazily ?? '';
      if (!target.startsWith('.')) {
        // Of the system only what answers from its arguments alone; of node:crypto that is createHash.
        const isHash = /import \{ createHash \} from 'node:crypto'/.test(source);
        const pure = ['node:util', 'node:path', ...(isHash ? ['node:crypto'] : [])];
        const isSystem = target.startsWith('node:') && !pure.includes(target);
        assert.not.ok(isSystem && folder !== 'cli', `${file} imports ${target}: only cli touches the system`);
        continue;
      }
      const to = normalize(join(dirname(file), target));
      const isAllowed =
        to.startsWith(`${folder}/`) || MAY_IMPORT[folder]!.some((part) => to === part || to.startsWith(`${part}/`));
      assert.ok(isAllowed, `${file} imports ${to}`);
      assert.not.match(target, /(^|\/)index\.tsx?$/, 'no barrels');
    }
  });
}
layers.run();

const controllers = suite('controllers');
controllers('none knows another, only what they share', () => {
  const folderIn = (file: string) => /^planner\/controllers\/([^/]+)\//.exec(file)?.[1];
  const known = files.flatMap((file) => {
    const own = folderIn(file);
    if (own === undefined) return [];
    const others = [...readFileSync(join('src', file), 'utf8').matchAll(IMPORT)].flatMap(
      ([, from, lazily]) => folderIn(normalize(join(dirname(file), from ?? lazily ?? ''))) ?? [],
    );
    return others
      .filter((other) => other !== own && !SHARED_BY_CONTROLLERS.has(other) && BUILT_ON[own] !== other)
      .map((other) => `${file} knows ${other}`);
  });
  assert.equal(known, []);
});
controllers('no component knows another but for what is named here', () => {
  const known = files.flatMap((file) => {
    const own = file.split('/')[1] ?? '';
    const mayKnow = file.startsWith('planner/') ? COMPONENTS[own] : undefined;
    if (!mayKnow) return [];
    return [...readFileSync(join('src', file), 'utf8').matchAll(IMPORT)]
      .map(([, from, lazily]) => normalize(join(dirname(file), from ?? lazily ?? '')))
      .filter((to) => to.startsWith('planner/'))
      .map((to) => to.slice('planner/'.length))
      .filter((to) => COMPONENTS[to.split('/')[0]!] && !to.startsWith(`${own}/`))
      .filter((to) => !mayKnow.some((part) => to.startsWith(part)))
      .map((to) => `${file} knows ${to}`);
  });
  assert.equal(known, []);
});
controllers.run();

const determinism = suite('same inputs, same bytes');
for (const file of files) {
  if (file.startsWith('cli/') || file === 'bin.ts') continue;
  determinism(`${file} reads no clock, chance or locale`, () => {
    const source = readFileSync(join('src', file), 'utf8').replace(/\/\/.*$|\/\*[\s\S]*?\*\//gm, '');
    for (const pattern of FORBIDDEN) assert.not.match(source, pattern);
    if (folderOf(file) !== 'report') assert.not.match(source, /\bprocess\./);
  });
}
determinism.run();

const circles = suite('circles of imports');
circles('no file needs, through what it imports, itself; types aside', () => {
  const needs = new Map(files.map((file) => [file, valueImports(file)]));
  assert.equal(circleIn(needs), undefined);
});
circles('a circle is found and told', () => {
  const needs = new Map([
    ['a', ['b']],
    ['b', ['c']],
    ['c', ['b']],
  ]);
  assert.equal(circleIn(needs), ['b', 'c', 'b']);
});
circles.run();

function valueImports(file: string): string[] {
  const source = readFileSync(join('src', file), 'utf8');
  const targets: string[] = [];
  for (const [, names = '', from = ''] of source.matchAll(VALUE_IMPORT)) {
    const isTypes = /^\{\s*(type [^,]*,?\s*)*\}$/.test(names);
    if (!isTypes) targets.push(normalize(join(dirname(file), from)));
  }
  return targets;
}

function circleIn(needs: ReadonlyMap<string, readonly string[]>): readonly string[] | undefined {
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): readonly string[] | undefined => {
    const at = path.indexOf(file);
    if (at >= 0) return [...path.slice(at), file];
    if (done.has(file)) return undefined;
    for (const next of needs.get(file) ?? []) {
      const found = visit(next, [...path, file]);
      if (found) return found;
    }
    done.add(file);
    return undefined;
  };
  for (const file of needs.keys()) {
    const found = visit(file, []);
    if (found) return found;
  }
  return undefined;
}

function folderOf(file: string): string {
  return file.split('/')[0] ?? '';
}

// The feature gates of each version with their defaults, from the table in the Go source.
// Source: pkg/features/kube_features.go (defaultVersionedKubernetesFeatureGates) of each version.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const ENTRY = /^\t(?:\w+\.)?(\w+): \{\n((?:\t\t.*\n)*?)\t\},/gm;
const SPEC = /Version: version\.MustParse\("(\d+)\.(\d+)"\), Default: (true|false)/g;

interface GateSource {
  readonly minor: string;
  /** Folder of the unpacked k8s.io/kubernetes module. */
  readonly folder: string;
}

export function emitFeatureGates(sources: readonly GateSource[]): ReadonlyMap<string, string> {
  const tables = sources.map(gatesOf);
  const names = [...new Set(tables.flatMap((table) => [...table.keys()]))].sort();
  const lines = names.map((name) => `${name} ${tables.map((table) => table.get(name) ?? '-').join('')}`);
  const versions = sources.map(({ minor }) => `'${minor}'`).join(', ');
  const text = `// One gate a line: its default in each version, in order; - where the version does not know it.
export const gateVersions = [${versions}] as const;
export const gateDefaults = \`
${lines.join('\n')}
\`;
`;
  return new Map([['feature-gates.ts', text]]);
}

/** Defaults at the version's own minor: the newest entry that is not of the future. */
function gatesOf({ minor, folder }: GateSource): ReadonlyMap<string, '0' | '1'> {
  const source = readFileSync(join(folder, 'pkg', 'features', 'kube_features.go'), 'utf8');
  const from = source.indexOf('defaultVersionedKubernetesFeatureGates = map');
  const wanted = order(minor);
  const found = new Map<string, '0' | '1'>();
  for (const [, name = '', specs = ''] of source.slice(from).matchAll(ENTRY)) {
    let value: '0' | '1' | undefined;
    for (const [, major, minorOf, isOn] of specs.matchAll(SPEC))
      if (order(`${major}.${minorOf}`) <= wanted) value = isOn === 'true' ? '1' : '0';
    if (value !== undefined) found.set(name, value);
  }
  return found;
}

function order(minor: string): number {
  const [major = 0, second = 0] = minor.split('.').map(Number);
  return major * 1000 + second;
}

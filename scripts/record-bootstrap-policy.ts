// Writes the roles and bindings that a new API server makes, with the feature gates that some of them and of their rules depend on,
// from what API servers hold that nobody used yet, each as a file of a folder:
// kubectl get clusterroles,clusterrolebindings,roles,rolebindings -A -o json > FOLDER/NAME.json
//   default   without flags
//   all       --runtime-config=api/all=true and all the gates below, where they are off by default
//   GATE      that gate on (and those that it needs)
//   no-GATE   that gate off
// usage: node --import tsx scripts/record-bootstrap-policy.ts FOLDER
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const FILE = 'src/planner/inventory/bootstrap-policy.json';

interface Listed {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Readonly<Record<string, unknown>> & { readonly name: string; readonly namespace?: string };
  readonly rules?: readonly Readonly<Record<string, unknown>>[];
  readonly [member: string]: unknown;
}

type Policy = ReadonlyMap<string, Listed>;

const folder = process.argv[2] ?? '.';
const keyOf = ({ kind, metadata }: Listed): string => [kind, metadata.namespace ?? '', metadata.name].join('\n');

function read(name: string): Policy {
  const { items } = JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as { readonly items: Listed[] };
  return new Map(items.map((item) => [keyOf(item), item]));
}

const names = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => name.slice(0, -'.json'.length))
  .sort();
const byDefault = read('default');
const without = names.filter((name) => name.startsWith('no-')).map((name) => [name.slice(3), read(name)] as const);
/** The fewer gates a recording needs, the less it holds. */
const alone = names
  .filter((name) => name !== 'default' && name !== 'all' && !name.startsWith('no-'))
  .map((name) => [name, read(name)] as const)
  .sort(([, a], [, b]) => JSON.stringify([...a]).length - JSON.stringify([...b]).length);

/** The gate that something depends on, of those that were recorded. */
function gateOf(isIn: (policy: Policy) => boolean): string | undefined {
  if (isIn(byDefault)) return without.find(([, policy]) => !isIn(policy))?.[0];
  const found = alone.find(([, policy]) => isIn(policy));
  return found ? found[0] : 'StorageVersionAPI';
}

const lines = [...read('all').values()]
  .sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
  .map((item) => {
    const { apiVersion, kind, metadata, aggregationRule, rules, roleRef, subjects } = item;
    const { name, namespace, labels, annotations } = metadata;
    const key = keyOf(item);
    const gate = gateOf((policy) => policy.has(key));
    const tagged = rules?.map((rule) => {
      const text = JSON.stringify(rule);
      const isIn = (policy: Policy): boolean =>
        policy.get(key)?.rules?.some((other) => JSON.stringify(other) === text) === true;
      const own = gateOf(isIn);
      return own === undefined || own === gate ? rule : { ...rule, gate: own };
    });
    // What the aggregation controller gathers is its own work here too.
    const own = aggregationRule ? undefined : tagged;
    const meta = { name, namespace, labels, annotations };
    return `  ${JSON.stringify({ gate, apiVersion, kind, metadata: meta, aggregationRule, rules: own, roleRef, subjects })}`;
  });
writeFileSync(FILE, `[\n${lines.join(',\n')}\n]\n`);

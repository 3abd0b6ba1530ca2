// Writes the roles and bindings that a new API server makes, from what one holds that nobody used yet:
// kubectl get clusterroles,clusterrolebindings,roles,rolebindings -A -o json | node --import tsx scripts/record-bootstrap-policy.ts
import { readFileSync, writeFileSync } from 'node:fs';

const FILE = 'src/planner/inventory/bootstrap-policy.json';

interface Listed {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Readonly<Record<string, unknown>> & { readonly name: string; readonly namespace?: string };
  readonly [member: string]: unknown;
}

const { items } = JSON.parse(readFileSync(0, 'utf8')) as { readonly items: readonly Listed[] };
const key = ({ kind, metadata }: Listed): string => [kind, metadata.namespace ?? '', metadata.name].join('\n');
const lines = [...items]
  .sort((a, b) => (key(a) < key(b) ? -1 : 1))
  .map(({ apiVersion, kind, metadata, aggregationRule, rules, roleRef, subjects }) => {
    const { name, namespace, labels, annotations } = metadata;
    // What the aggregation controller gathers is its own work here too.
    const own = aggregationRule ? undefined : rules;
    const meta = { name, namespace, labels, annotations };
    return `  ${JSON.stringify({ apiVersion, kind, metadata: meta, aggregationRule, rules: own, roleRef, subjects })}`;
  });
writeFileSync(FILE, `[\n${lines.join(',\n')}\n]\n`);

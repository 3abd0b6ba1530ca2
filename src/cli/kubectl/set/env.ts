// `kubectl set env`.
// Behaviour: staging/src/k8s.io/kubectl/pkg/cmd/set/set_env.go and set/env, Kubernetes v1.36.3.
import { goQuote } from '../../../apimachinery/go-quote.ts';
import type { ParsedArguments } from '../arguments.ts';
import { checkEnvName } from '../create/key-values.ts';
import { containersOf, isMutable, type MutableJson, type MutableValue } from '../mutated-patch.ts';
import { KubectlError, type Output } from '../outcome.ts';
import { isMeant } from './pairs.ts';
import type { Setter } from './set.ts';

const ERR_NO_RESOURCES = 'one or more resources must be specified as <resource> <name> or <resource>/<name>';
const ERR_BOTH = 'can not both modify and remove the same environment variable in the same command';

interface Changes {
  readonly set: readonly { readonly name: string; readonly value: string }[];
  readonly removed: readonly string[];
}

export function setEnv(given: ParsedArguments, output: Output): Setter {
  if (given.flag('all') && given.has('selector'))
    throw new KubectlError('cannot set --all and --selector at the same time');
  const { words, specs } = split(given.arguments.slice(1));
  if (words.length === 0 && !given.has('filename')) throw new KubectlError(ERR_NO_RESOURCES);
  if (given.flag('list') && given.has('output'))
    throw new KubectlError('--list and --output may not be specified together');
  const changes = parse([...given.list('env'), ...specs], given.value('prefix') ?? '');
  const pattern = given.value('containers') ?? '*';
  const mayOverwrite = !given.has('overwrite') || given.flag('overwrite');
  return {
    words,
    operation: 'env updated',
    failure: 'failed to patch env update to pod template:',
    onlyShows: given.flag('list'),
    change(spec, kind, name) {
      const all = [...containersOf(spec, 'containers'), ...containersOf(spec, 'initContainers')];
      const meant = all.filter((container) => isMeant(String(container['name']), pattern));
      if (meant.length === 0)
        output.stderr += `Warning: ${kind}/${name} does not have any containers matching ${goQuote(pattern)}\n`;
      for (const container of meant) {
        update(container, changes, mayOverwrite);
        if (given.flag('list')) output.print(listing(kind, name, container));
      }
      return [];
    },
  };
}

function split(args: readonly string[]): { readonly words: readonly string[]; readonly specs: readonly string[] } {
  const isSpec = (text: string): boolean => /^.+=/s.test(text) || text.endsWith('-');
  const first = args.findIndex(isSpec);
  if (first < 0) return { words: args, specs: [] };
  const specs = args.slice(first);
  if (!specs.every(isSpec))
    throw new KubectlError(`all resources must be specified before environment changes: env ${args.join(' ')}`);
  return { words: args.slice(0, first), specs };
}

function parse(specs: readonly string[], prefix: string): Changes {
  const set: { name: string; value: string }[] = [];
  const removed: string[] = [];
  for (const spec of specs) {
    const equals = spec.indexOf('=');
    if (equals >= 0) {
      const name = spec.slice(0, equals);
      checkEnvName(name);
      set.push({ name, value: spec.slice(equals + 1) });
    } else if (spec.endsWith('-')) removed.push(spec.slice(0, -1));
    else throw new KubectlError(`unknown environment variable: ${spec}`);
  }
  if (removed.some((name) => set.some((one) => one.name === name))) throw new KubectlError(ERR_BOTH);
  return { set: set.map(({ name, value }) => ({ name: prefix + name, value })), removed };
}

function update(container: MutableJson, { set, removed }: Changes, mayOverwrite: boolean): void {
  const list = container['env'];
  const existing = Array.isArray(list) ? list.filter(isMutable) : [];
  if (!mayOverwrite) {
    for (const { name, value } of set) {
      const there = existing.find((one) => one['name'] === name);
      const current = String(there?.['value'] ?? '');
      if (there && current !== value)
        throw new KubectlError(`'${name}' already has a value (${current}), and --overwrite is false`);
    }
  }
  const wanted = new Map(set.map((one) => [one.name, one] as const).reverse());
  const kept = existing
    .filter((one) => !removed.includes(String(one['name'])))
    .map((one): MutableValue => {
      const newer = wanted.get(String(one['name']));
      return newer ? { ...newer } : one;
    });
  const names = new Set([...existing.map((one) => String(one['name'])), ...removed]);
  const added = [...new Map(set.map((one) => [one.name, one] as const)).values()].filter(
    ({ name }) => !names.has(name),
  );
  const next = [...kept, ...added.map((one) => ({ ...one }))];
  if (next.length > 0) container['env'] = next;
  else delete container['env'];
}

function listing(kind: string, name: string, container: MutableJson): string {
  const list = container['env'];
  const lines = (Array.isArray(list) ? list.filter(isMutable) : []).map((variable) => {
    const from = variable['valueFrom'];
    return isMutable(from)
      ? `# ${variable['name']} from ${sourceText(from)}\n`
      : `${variable['name']}=${variable['value'] ?? ''}\n`;
  });
  return `# ${kind} ${name}, container ${container['name']}\n${lines.join('')}`;
}

function sourceText(from: MutableJson): string {
  const { configMapKeyRef, secretKeyRef, fieldRef, resourceFieldRef } = from;
  if (isMutable(configMapKeyRef)) return `configmap ${configMapKeyRef['name']}, key ${configMapKeyRef['key']}`;
  if (isMutable(secretKeyRef)) return `secret ${secretKeyRef['name']}, key ${secretKeyRef['key']}`;
  if (isMutable(fieldRef)) return `field path ${fieldRef['fieldPath']}`;
  if (!isMutable(resourceFieldRef)) return 'invalid valueFrom';
  const container = resourceFieldRef['containerName'] ? `${resourceFieldRef['containerName']}/` : '';
  return `resource field ${container}${resourceFieldRef['resource']}`;
}

// `kubectl set env`.
// Behaviour: staging/src/k8s.io/kubectl/pkg/cmd/set/set_env.go and set/env, Kubernetes v1.36.3.
import { compareBytes } from '../../../../apimachinery/go/json.ts';
import { goQuote } from '../../../../apimachinery/go/quote.ts';
import type { ParsedArguments } from '../../arguments.ts';
import type { KubectlContext } from '../../context.ts';
import { isFailure, KubectlError, type Output } from '../../outcome.ts';
import { checkEnvName } from '../create/key-values.ts';
import { containersOf, isMutable, type MutableJson, type MutableValue } from '../mutated-patch.ts';
import { type EnvVariable, resolvedValue, variablesFrom, variablesInStdin } from './env-sources.ts';
import { isMeant } from './pairs.ts';
import { onPodSpecs, type Setter } from './setter.ts';

const ERR_NO_RESOURCES = 'one or more resources must be specified as <resource> <name> or <resource>/<name>';
const ERR_KEYS = 'when specifying --keys, a configmap or secret must be provided with --from';
const ERR_BOTH = 'can not both modify and remove the same environment variable in the same command';

interface Changes {
  readonly set: readonly EnvVariable[];
  readonly removed: readonly string[];
}

export function setEnv(given: ParsedArguments, context: KubectlContext, output: Output): Setter {
  if (given.flag('all') && given.has('selector'))
    throw new KubectlError('cannot set --all and --selector at the same time');
  const { words, specs } = split(given.arguments.slice(1));
  if (words.length === 0 && !given.has('filename')) throw new KubectlError(ERR_NO_RESOURCES);
  if (given.flag('list') && given.has('output'))
    throw new KubectlError('--list and --output may not be specified together');
  if (given.has('keys') && !given.value('from')) throw new KubectlError(ERR_KEYS);
  const typed = parse([...given.list('env'), ...specs], context);
  const prefix = given.value('prefix') ?? '';
  const all = [...typed.set, ...variablesFrom(given, context, output)];
  const changes = { ...typed, set: all.map((variable) => ({ ...variable, name: prefix + variable.name })) };
  const pattern = given.value('containers') ?? '*';
  const mayOverwrite = !given.has('overwrite') || given.flag('overwrite');
  return onPodSpecs({
    words,
    operation: 'env updated',
    failure: 'failed to patch env update to pod template:',
    onlyShows: given.flag('list'),
    change(spec, { resource: { kind }, object: { metadata } }, object) {
      const all = [...containersOf(spec, 'containers'), ...containersOf(spec, 'initContainers')];
      const meant = all.filter((container) => isMeant(String(container['name']), pattern));
      if (meant.length === 0)
        output.stderr += `Warning: ${kind}/${metadata.name} does not have any containers matching ${goQuote(pattern)}\n`;
      for (const container of meant) {
        update(container, changes, mayOverwrite);
        if (!given.flag('list')) continue;
        output.print(`# ${kind} ${metadata.name}, container ${container['name']}\n`);
        list(container, output, (from) =>
          given.flag('resolve') ? resolvedValue(from, object, container, given, context) : undefined,
        );
      }
      return [];
    },
  });
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

function parse(specs: readonly string[], context: KubectlContext): Changes {
  const set: EnvVariable[] = [];
  const removed: string[] = [];
  for (const spec of specs) {
    const equals = spec.indexOf('=');
    if (spec === '-') set.push(...variablesInStdin(context));
    else if (equals >= 0) {
      const name = spec.slice(0, equals);
      checkEnvName(name);
      set.push({ name, value: spec.slice(equals + 1) });
    } else if (spec.endsWith('-')) removed.push(spec.slice(0, -1));
    else throw new KubectlError(`unknown environment variable: ${spec}`);
  }
  if (removed.some((name) => set.some((one) => one.name === name))) throw new KubectlError(ERR_BOTH);
  return { set, removed };
}

function update(container: MutableJson, { set, removed }: Changes, mayOverwrite: boolean): void {
  const list = container['env'];
  const existing = Array.isArray(list) ? list.filter(isMutable) : [];
  if (!mayOverwrite) {
    for (const variable of set) {
      const { name } = variable;
      const there = existing.find((one) => one['name'] === name);
      const current = String(there?.['value'] ?? '');
      if (there && current !== ('value' in variable ? variable.value : ''))
        throw new KubectlError(`'${name}' already has a value (${current}), and --overwrite is false`);
    }
  }
  const covered = new Set(removed);
  const next: MutableValue[] = [];
  for (const one of existing) {
    const name = String(one['name']);
    if (covered.has(name)) continue;
    const newer = set.find((variable) => variable.name === name);
    if (newer) covered.add(name);
    next.push(newer ? { ...newer } : one);
  }
  for (const variable of set) {
    if (covered.has(variable.name)) continue;
    covered.add(variable.name);
    next.push({ ...variable });
  }
  if (next.length > 0) container['env'] = next;
  else delete container['env'];
}

/** Shows the variables of a container; `resolve` answers undefined where a source is to be shown as such. */
function list(container: MutableJson, output: Output, resolve: (from: MutableJson) => string | undefined): void {
  const given = container['env'];
  const unresolved = new Map<string, string[]>();
  for (const variable of Array.isArray(given) ? given.filter(isMutable) : []) {
    const name = String(variable['name']);
    const from = variable['valueFrom'];
    let value: string | undefined = isMutable(from) ? undefined : String(variable['value'] ?? '');
    if (isMutable(from)) {
      try {
        value = resolve(from);
      } catch (error) {
        if (!isFailure(error)) throw error;
        unresolved.set(error.message, [...(unresolved.get(error.message) ?? []), name]);
      }
    }
    if (value !== undefined) output.print(`${name}=${value}\n`);
    else if (isMutable(from)) output.print(`# ${name} from ${sourceText(from)}\n`);
  }
  const lines = [...unresolved].map(
    ([why, names]) => `error retrieving reference for ${names.sort(compareBytes).join(', ')}: ${why}\n`,
  );
  output.stderr += lines.sort(compareBytes).join('');
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

// What `kubectl set env` takes variables from: config maps, secrets and standard input; and what a variable's source holds.
// Behaviour: staging/src/k8s.io/kubectl/pkg/cmd/set/set_env.go and set/env, Kubernetes v1.36.3.
// Differs: the keys of a config map or secret come in order; Kubernetes walks a Go map.
import { compareBytes } from '../../../../apimachinery/go/json.ts';
import { goQuote } from '../../../../apimachinery/go/quote.ts';
import { parseQuantity } from '../../../../apimachinery/quantity/quantity.ts';
import { isQualifiedName } from '../../../../apimachinery/validation/names.ts';
import { namespaceOf, type ParsedArguments } from '../../arguments.ts';
import type { KubectlContext } from '../../context.ts';
import { KubectlError, notFound, type Output, throwAll } from '../../outcome.ts';
import { isMutable, type MutableJson, type MutableValue } from '../mutated-patch.ts';
import { selectForVerb } from '../verb-selection.ts';

export type EnvVariable = { name: string; value: string } | { name: string; valueFrom: MutableJson };

/** Variables that take their values from the object that --from names. */
export function variablesFrom(given: ParsedArguments, context: KubectlContext, output: Output): EnvVariable[] {
  const from = given.value('from') ?? '';
  if (from === '') return [];
  const selection = selectForVerb(given.without(['filename']), context, [from]);
  throwAll(selection.errors);
  const keys = given.list('keys').flatMap((text) => text.split(','));
  return selection.found.flatMap(({ resource, object }) => {
    const field = resource.group === '' ? REFERENCES[resource.kind] : undefined;
    if (!field) throw new KubectlError('unsupported resource specified in --from');
    const { data = {} } = object as { readonly data?: Readonly<Record<string, string>> };
    return Object.keys(data)
      .sort(compareBytes)
      .filter((key) => keys.length === 0 || keys.includes(key))
      .map((key) => ({
        name: variableName(key, output),
        valueFrom: { [field]: { key, name: object.metadata.name ?? '' } },
      }));
  });
}

const REFERENCES: Readonly<Record<string, string>> = { Secret: 'secretKeyRef', ConfigMap: 'configMapKeyRef' };

function variableName(key: string, output: Output): string {
  const name = key.replace(/[^a-zA-Z0-9_]/g, '_').toUpperCase();
  if (name !== key) output.stderr += `Warning: key ${key} transferred to ${name}\n`;
  return name;
}

/** The lines NAME=value of standard input. */
export function variablesInStdin({ files }: KubectlContext): EnvVariable[] {
  return files
    .stdin()
    .split(/\r?\n/)
    .map((line) => line.replace(/#.*$/s, ''))
    .filter((line) => line.includes('='))
    .map((line) => ({ name: line.slice(0, line.indexOf('=')), value: line.slice(line.indexOf('=') + 1) }));
}

/** What `--resolve` shows of a variable's source. Throws KubectlError or what the API server says. */
export function resolvedValue(
  from: MutableJson,
  object: MutableJson,
  container: MutableJson,
  given: ParsedArguments,
  context: KubectlContext,
): string {
  const { secretKeyRef, configMapKeyRef, fieldRef, resourceFieldRef } = from;
  if (isMutable(secretKeyRef))
    return Buffer.from(keyOf(secretKeyRef, 'secrets', 'secret', given, context), 'base64').toString();
  if (isMutable(configMapKeyRef)) return keyOf(configMapKeyRef, 'configmaps', 'config map', given, context);
  if (isMutable(fieldRef)) return fieldValue(object, String(fieldRef['fieldPath'] ?? ''));
  if (isMutable(resourceFieldRef)) return resourceValue(resourceFieldRef, container);
  throw new KubectlError('invalid valueFrom');
}

function keyOf(
  reference: MutableJson,
  plural: string,
  what: string,
  given: ParsedArguments,
  { view }: KubectlContext,
): string {
  const name = String(reference['name'] ?? '');
  const key = String(reference['key'] ?? '');
  const found = view.resources.find(plural);
  const object = found && view.get(found.resource, namespaceOf(given), name);
  if (!object) throw notFound(plural, name);
  const { data = {} } = object as { readonly data?: Readonly<Record<string, string>> };
  if (!Object.hasOwn(data, key)) throw new KubectlError(`key ${key} not found in ${what} ${name}`);
  return data[key] ?? '';
}

function fieldValue(object: MutableJson, path: string): string {
  const metadata = isMutable(object['metadata']) ? object['metadata'] : {};
  const map = (name: string): MutableJson => {
    const value = metadata[name];
    return isMutable(value) ? value : {};
  };
  const subscript = /^(.+?)\['(.*)'\]$/s.exec(path);
  if (subscript) {
    const [, of = '', key = ''] = subscript;
    if (of !== 'metadata.annotations' && of !== 'metadata.labels')
      throw new KubectlError(`fieldPath ${goQuote(path)} does not support subscript`);
    const wrong = isQualifiedName(of === 'metadata.annotations' ? key.toLowerCase() : key);
    if (wrong.length > 0) throw new KubectlError(`invalid key subscript in ${path}: ${wrong.join(';')}`);
    return textOf(map(of.slice('metadata.'.length))[key]);
  }
  if (path === 'metadata.annotations' || path === 'metadata.labels') {
    const values = map(path.slice('metadata.'.length));
    return Object.keys(values)
      .sort(compareBytes)
      .map((key) => `${key}=${goQuote(textOf(values[key]))}`)
      .join('\n');
  }
  if (path === 'metadata.name' || path === 'metadata.namespace' || path === 'metadata.uid')
    return textOf(metadata[path.slice('metadata.'.length)]);
  throw new KubectlError(`unsupported fieldPath: ${path}`);
}

function textOf(value: MutableValue | undefined): string {
  return value === undefined || value === null ? '' : String(value);
}

const AMOUNT = /^(limits|requests)\.(cpu|memory|ephemeral-storage|hugepages-.*)$/;

function resourceValue(reference: MutableJson, container: MutableJson): string {
  const name = String(reference['resource'] ?? '');
  const [, field = '', resource = ''] = AMOUNT.exec(name) ?? [];
  if (field === '') throw new KubectlError(`Unsupported container resource : ${name}`);
  const resources = isMutable(container['resources']) ? container['resources'] : {};
  const amounts = isMutable(resources[field]) ? resources[field] : {};
  const amount = parseQuantity(textOf(amounts[resource]) || '0');
  const given = parseQuantity(textOf(reference['divisor']) || '0');
  const divisor = given && given.milliValue() > 0 ? given : parseQuantity('1');
  if (!amount || !divisor) throw new KubectlError(`Unsupported container resource : ${name}`);
  const share =
    resource === 'cpu' ? amount.milliValue() / divisor.milliValue() : Number(amount.value()) / Number(divisor.value());
  return String(Math.ceil(share));
}

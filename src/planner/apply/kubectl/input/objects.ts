// The objects that a command's files hold, one after another, with the namespace that each belongs to.
// Behaviour: staging/src/k8s.io/cli-runtime/pkg/resource/{builder,visitor,mapper,metadata_decoder}.go,
// [apimachinery]/pkg/util/yaml/decoder.go, staging/src/k8s.io/kubectl/pkg/validation/schema.go, Kubernetes v1.36.3.
// Differs: the items of a v1 List are not validated against OpenAPI before they are sent.
import { goMarshal } from '../../../../apimachinery/go/json.ts';
import { goQuote } from '../../../../apimachinery/go/quote.ts';
import { isJsonList, isMap, type Json, type JsonMap } from '../../../../apimachinery/json.ts';
import type { ResourceCatalog } from '../../../../apiserver/resource-catalog.ts';
import { parseYamlDocument } from '../../../../manifests/yaml-document.ts';
import { decodeObject } from '../../../../schema/decode/decode-object.ts';
import type { KubernetesVersion } from '../../../../schema/layout.ts';
import type { Selector } from '../../../../selectors/label-selector.ts';
import { aggregate, CommandFailure, Failures } from '../failures.ts';
import { type Mapping, mappingOf, missingKind } from '../mapping.ts';

export interface ObjectInfo {
  readonly mapping: Mapping;
  readonly source: string;
  readonly name: string;
  readonly namespace: string;
  readonly object: JsonMap;
}

export interface ReadOptions {
  readonly catalog: ResourceCatalog;
  readonly version: KubernetesVersion;
  /** What is read, in order. */
  readonly files: readonly { readonly source: string; readonly text: string }[];
  /** Namespace of the command. */
  readonly namespace: string;
  /** Whether the user named it: objects must then be in no other. */
  readonly isEnforced: boolean;
  /** Whether documents must say what they are before anything is asked of the server. */
  readonly validate: boolean;
  readonly selector: Selector | undefined;
}

type Visit = (info: ObjectInfo) => void;

/** Visits every object, whatever fails; throws all failures at the end. */
export function visitAll(options: ReadOptions, visit: Visit): void {
  const failures: Error[] = [];
  const ofFiles: Error[] = [];
  const attempt = (into: Error[], step: () => void): void => {
    try {
      step();
    } catch (thrown) {
      into.push(asError(thrown));
    }
  };
  for (const file of options.files)
    attempt(ofFiles, () => {
      for (const found of infosIn(file, options))
        if (found instanceof Error) ofFiles.push(found);
        else attempt(failures, () => visitOne(found, options, visit));
    });
  const left = aggregate(ofFiles);
  const all = left ? [...failures, left] : failures;
  if (all.length === 1) throw all[0];
  if (all.length > 1) throw new Failures(all);
}

/** Visits the objects up to the first failure; the items of a list are visited all. */
export function visitUntilFailure(options: ReadOptions, visit: Visit): void {
  for (const file of options.files) {
    const ofList: Error[] = [];
    for (const found of infosIn(file, options)) {
      if (found instanceof Error) throw found;
      if (!found.isInList) visitOne(found, options, visit);
      else {
        try {
          visitOne(found, options, visit);
        } catch (thrown) {
          ofList.push(asError(thrown));
        }
      }
    }
    const failed = aggregate(ofList);
    if (failed) throw failed;
  }
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}

function visitOne(given: ObjectInfo, { namespace, isEnforced, selector }: ReadOptions, visit: Visit): void {
  if (selector && !selector.matches(labelsOf(given.object))) return;
  if (!given.mapping.namespaced) {
    visit(placed(given, ''));
    return;
  }
  if (isEnforced && given.namespace !== '' && given.namespace !== namespace)
    throw new CommandFailure(
      `the namespace from the provided object ${goQuote(given.namespace)} does not match the namespace ${goQuote(namespace)}. You must pass '--namespace=${given.namespace}' to perform this operation.`,
    );
  visit(given.namespace === '' ? placed(given, namespace) : given);
}

/** The object in this namespace, or in none. */
function placed(info: ObjectInfo, namespace: string): ObjectInfo {
  const { metadata } = info.object;
  const { namespace: _, ...rest } = isMap(metadata) ? metadata : {};
  if (namespace === '' && !isMap(metadata)) return { ...info, namespace };
  const next = namespace === '' ? rest : { ...rest, namespace };
  return { ...info, namespace, object: { ...info.object, metadata: next } };
}

function labelsOf({ metadata }: JsonMap): Readonly<Record<string, string>> {
  const labels = isMap(metadata) ? metadata['labels'] : undefined;
  // Labels are texts: the metadata has been decoded.
  return isMap(labels) ? (labels as Readonly<Record<string, string>>) : {};
}

type Found = (ObjectInfo & { readonly isInList: boolean }) | Error;

function* infosIn({ source, text }: ReadOptions['files'][number], options: ReadOptions): Generator<Found> {
  for (const document of documentsOf(text)) {
    const value = parsed(document, source);
    if (value === null) continue;
    if (options.validate) requireKind(value, source);
    yield* infosOf(value, source, options);
  }
}

function parsed(document: string | Error, source: string): Json {
  const failed = (text: string) => new CommandFailure(`error parsing ${source}: ${text}`);
  if (document instanceof Error) throw failed(document.message);
  const { value, error } = parseYamlDocument(document);
  if (error) throw failed(`error converting YAML to JSON: ${error.message}`);
  // YAML that Kubernetes can read is JSON.
  return (value ?? null) as Json;
}

const SEPARATOR = '---';

/** The documents of a stream; a separator at its very start belongs to the first. */
function* documentsOf(text: string): Generator<string | Error> {
  let document = '';
  for (const line of linesOf(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text)) {
    if (line.startsWith(SEPARATOR)) {
      const rest = line.slice(SEPARATOR.length).trim();
      if (rest !== '' && !rest.startsWith('#')) {
        yield new Error(`invalid Yaml document separator: ${rest}`);
        return;
      }
      if (document !== '') {
        yield document;
        document = '';
        continue;
      }
    }
    document += `${line}\n`;
  }
  if (document !== '') yield document;
}

function linesOf(text: string): string[] {
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

const STOP_VALIDATING = 'if you choose to ignore these errors, turn validation off with --validate=false';

function requireKind(value: Json, source: string): void {
  const errors = kindErrors(value);
  if (errors.length === 0) return;
  const { message } = new Failures(errors.map((error) => new CommandFailure(error)));
  throw new CommandFailure(
    `error validating ${goQuote(source)}: error validating data: ${message}; ${STOP_VALIDATING}`,
  );
}

function kindErrors(value: Json): string[] {
  if (!isMap(value)) return ['invalid object to validate'];
  const { apiVersion, kind } = value;
  const errors: string[] = [];
  if (apiVersion === undefined || apiVersion === null) errors.push('apiVersion not set');
  else if (typeof apiVersion !== 'string') errors.push("apiVersion isn't string type");
  else if (apiVersion.split('/').length > 2) errors.push(`unexpected GroupVersion string: ${apiVersion}`);
  if (kind === undefined || kind === null) errors.push('kind not set');
  else if (typeof kind !== 'string') errors.push("kind isn't string type");
  if (errors.length > 0 || kind !== 'List' || apiVersion !== 'v1') return errors;
  // Only of a List nobody says that the server validates it.
  const { items } = value;
  return isJsonList(items ?? null) ? (items as readonly Json[]).flatMap(kindErrors) : ['invalid object to validate'];
}

function* infosOf(value: Json, source: string, options: ReadOptions): Generator<Found> {
  const undecodable = (text: string) => new CommandFailure(`unable to decode ${goQuote(source)}: ${text}`);
  if (!isMap(value)) {
    const shape = isJsonList(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value;
    yield undecodable(`json: cannot unmarshal ${shape} into Go value of type unstructured.detector`);
    return;
  }
  const [apiVersion, kind] = [textOf(value['apiVersion']), textOf(value['kind'])];
  if (kind === '') {
    yield undecodable(`Object 'Kind' is missing in '${goMarshal(value)}'`);
    return;
  }
  if (Object.hasOwn(value, 'items')) {
    yield* infosOfList(value, { apiVersion, kind, source }, options);
    return;
  }
  const wrong = metadataError(value, options.version);
  if (wrong !== undefined) {
    yield undecodable(wrong);
    return;
  }
  const mapping = mappingOf(options.catalog, apiVersion, kind);
  const { name, namespace } = nameOf(value);
  if (mapping) {
    yield { mapping, source, name, namespace, object: value, isInList: false };
    return;
  }
  const { message } = missingKind(apiVersion, kind);
  yield new CommandFailure(
    `resource mapping not found for name: ${goQuote(name)} namespace: ${goQuote(namespace)} from ${goQuote(source)}: ${message}\nensure CRDs are installed first`,
  );
}

function* infosOfList(
  list: JsonMap,
  { apiVersion, kind, source }: { readonly apiVersion: string; readonly kind: string; readonly source: string },
  options: ReadOptions,
): Generator<Found> {
  const itemKind = kind.replace(/List$/, '');
  if (itemKind !== '' && !mappingOf(options.catalog, apiVersion, itemKind)) {
    const { name, namespace } = nameOf(list);
    yield new CommandFailure(
      `resource mapping not found for name: ${goQuote(name)} namespace: ${goQuote(namespace)} from ${goQuote(source)}: ${missingKind(apiVersion, kind).message}\nensure CRDs are installed first`,
    );
    return;
  }
  const failures: Error[] = [];
  for (const item of isJsonList(list['items'] ?? null) ? (list['items'] as readonly Json[]) : []) {
    const given = isMap(item) ? item : {};
    const isBare = !given['kind'] && !given['apiVersion'];
    const object: JsonMap = isBare ? { ...given, apiVersion, kind: itemKind } : given;
    const mapping = mappingOf(options.catalog, textOf(object['apiVersion']), textOf(object['kind']));
    if (mapping) yield { mapping, source, ...nameOf(object), object, isInList: true };
    else {
      const { message } = missingKind(textOf(object['apiVersion']), textOf(object['kind']));
      failures.push(new CommandFailure(`unable to recognize ${message}`));
    }
  }
  const failed = aggregate(failures);
  if (failed) yield failed;
}

const OBJECT_META = 'meta/v1.ObjectMeta';

/** kubectl reads metadata as its type, so that nothing of a wrong shape is lost on the way. */
function metadataError({ metadata }: JsonMap, version: KubernetesVersion): string | undefined {
  if (metadata === undefined || metadata === null) return undefined;
  if (!isMap(metadata)) {
    const shape = isJsonList(metadata) ? 'array' : typeof metadata === 'boolean' ? 'bool' : typeof metadata;
    return `json: cannot unmarshal ${shape} into Go struct field metadataOnlyObject.metadata of type v1.ObjectMeta`;
  }
  const decoded = decodeObject(version, OBJECT_META, { value: metadata }, { strict: false });
  // The struct is the innermost one, the path begins at the object.
  return decoded.ok ? undefined : decoded.error.replace(/(Go struct field \w+)\./, '$1.metadata.');
}

function nameOf({ metadata }: JsonMap): { readonly name: string; readonly namespace: string } {
  const { name, namespace } = isMap(metadata) ? metadata : ({} as JsonMap);
  return { name: textOf(name), namespace: textOf(namespace) };
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

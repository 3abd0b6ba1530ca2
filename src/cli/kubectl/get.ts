// `kubectl get` on a cluster.
// Behaviour: staging/src/k8s.io/kubectl/pkg/cmd/get/get.go, Kubernetes v1.36.3.
// Differs: go-template outputs are not built.
import { customColumnsText, parseCustomColumns, relaxedJsonPath } from '../../report/kubectl/custom-columns.ts';
import { customResourcePrinter } from '../../report/kubectl/get/custom-resources.ts';
import { printerOf, tableOf } from '../../report/kubectl/get/printers.ts';
import { isMap } from '../../report/kubectl/go-value.ts';
import { jsonText } from '../../report/kubectl/json-output.ts';
import { findResults, jsonPathText } from '../../report/kubectl/jsonpath/evaluate.ts';
import { JsonPathError, type ListNode, parseJsonPath } from '../../report/kubectl/jsonpath/parser.ts';
import { sortedBy } from '../../report/kubectl/sort-by.ts';
import { alignTabs, TABLE_LAYOUT } from '../../report/kubectl/tab-writer.ts';
import { type Table, type TableOptions, tableLines } from '../../report/kubectl/table.ts';
import { yamlText } from '../../report/kubectl/yaml-output.ts';
import type { ParsedArguments } from './arguments.ts';
import type { KubectlContext } from './context.ts';
import { KubectlError, type Output } from './outcome.ts';
import { kindText } from './resources.ts';
import { type Found, type Selection, selectObjects } from './select-objects.ts';

const FORMATS =
  'custom-columns,custom-columns-file,go-template,go-template-file,json,jsonpath,jsonpath-as-json,jsonpath-file,kyaml,name,template,templatefile,wide,yaml';
const ERR_NO_TYPE =
  'You must specify the type of resource to get. Use "kubectl api-resources" for a complete list of supported resources.\n';
const ERR_NOT_SPECIFIED = `error: Required resource not specified.
Use "kubectl explain <resource>" for a detailed description of that resource (e.g. kubectl explain pods).
See 'kubectl get -h' for help and examples`;
const NOT_BUILT = ['go-template', 'go-template-file', 'template', 'templatefile', 'kyaml'];

export function get(given: ParsedArguments, context: KubectlContext, output: Output): void {
  if (given.arguments.length === 0) {
    output.stderr += `${ERR_NO_TYPE}\n`;
    throw new KubectlError(ERR_NOT_SPECIFIED, { isBare: true });
  }
  const format = outputFormat(given);
  const selection = selectObjects(context.view, {
    words: given.arguments,
    namespace: namespaceOf(given),
    allNamespaces: given.flag('all-namespaces'),
    labelSelector: given.value('selector') ?? '',
    fieldSelector: given.value('field-selector') ?? '',
  });
  output.stderr += selection.warnings.join('');
  const errors = given.flag('ignore-not-found')
    ? selection.errors.filter(({ reason }) => reason !== 'NotFound')
    : selection.errors;
  const isTable = format.name === '' || format.name === 'wide';
  if (isTable) printTables(given, selection, errors, context, output);
  else if (selection.isSingle && selection.found.length === 0) {
    // Nothing to print.
  } else printGeneric(given, format, selection, output);
  for (const error of errors) output.fail(error);
}

export function namespaceOf(given: ParsedArguments): string {
  return given.value('namespace') ?? 'default';
}

export interface OutputFormat {
  readonly name: string;
  readonly argument: string;
}

/** Throws KubectlError for a format nobody knows. */
export function outputFormat(given: ParsedArguments, formats = FORMATS): OutputFormat {
  const text = given.value('output') ?? (given.has('template') ? `go-template=${given.value('template')}` : '');
  const equals = text.indexOf('=');
  const name = equals < 0 ? text : text.slice(0, equals);
  if (name !== '' && !formats.split(',').includes(name)) {
    throw new KubectlError(
      `unable to match a printer suitable for the output format "${text}", allowed formats are: ${formats}`,
    );
  }
  if (NOT_BUILT.includes(name)) throw new KubectlError(`the output format ${name} is not built in kubeplan`);
  return { name, argument: equals < 0 ? '' : text.slice(equals + 1) };
}

function printTables(
  given: ParsedArguments,
  { found, resources }: Selection,
  errors: readonly KubectlError[],
  { now }: KubectlContext,
  output: Output,
): void {
  const allNamespaces = given.flag('all-namespaces');
  const kinds = new Set([...resources, ...found.map(({ resource }) => resource)].map(kindText));
  const withKind = given.flag('show-kind') || kinds.size > 1;
  const isWide = given.value('output') === 'wide';
  const parts: string[] = [];
  for (const group of groupsOf(found)) {
    const { resource } = group[0]!;
    const options: TableOptions = {
      isWide,
      noHeaders: given.flag('no-headers'),
      withNamespace: allNamespaces && resource.namespaced,
      ...(withKind ? { kind: kindText(resource) } : {}),
      labelColumns: given.list('label-columns').flatMap((text) => text.split(',')),
      showLabels: given.flag('show-labels'),
    };
    const printer = resource.custom
      ? customResourcePrinter(resource.custom.columns)
      : printerOf(resource.group, resource.kind);
    const table = tableOf(
      printer,
      group.map(({ object }) => object),
      now,
    );
    const sorted = sortTable(table, given.value('sort-by'));
    if (sorted) parts.push(alignTabs(tableLines(sorted, options, true), TABLE_LAYOUT));
  }
  const shown = parts.filter((part) => part !== '');
  output.stdout += shown.join(given.flag('no-headers') ? '' : '\n');
  if (shown.length > 0 || errors.length > 0 || given.flag('ignore-not-found')) return;
  const isNamespaced = !allNamespaces && resources.every(({ namespaced }) => namespaced);
  output.stderr += isNamespaced ? `No resources found in ${namespaceOf(given)} namespace.\n` : 'No resources found\n';
}

/** Neighbours of the same resource share a table. */
function groupsOf(found: readonly Found[]): readonly (readonly Found[])[] {
  const groups: Found[][] = [];
  for (const one of found) {
    const last = groups.at(-1);
    if (last && last[0]!.resource === one.resource) last.push(one);
    else groups.push([one]);
  }
  return groups;
}

/** A path that cannot be read or finds nothing makes kubectl print no table at all. */
function sortTable(table: Table, path: string | undefined): Table | undefined {
  if (path === undefined || path === '' || table.rows.length < 2) return table;
  try {
    let rows = table.rows;
    // kubectl sorts twice: once by the path as it was given, then by the path in its full form.
    rows = sortOnce(rows, path);
    return { ...table, rows: sortedBy(rows, fullPath(path), ({ object }) => object) };
  } catch (error) {
    if (error instanceof JsonPathError) return undefined;
    throw error;
  }
}

function sortOnce(rows: Table['rows'], path: string): Table['rows'] {
  try {
    return sortedBy(rows, path, ({ object }) => object);
  } catch (error) {
    if (error instanceof JsonPathError) return rows;
    throw error;
  }
}

function fullPath(path: string): string {
  try {
    return relaxedJsonPath(path);
  } catch {
    return path;
  }
}

function printGeneric(given: ParsedArguments, format: OutputFormat, selection: Selection, output: Output): void {
  if (selection.found.length === 0 && given.flag('ignore-not-found')) return;
  let objects: readonly unknown[] = selection.found.map(({ object }) => object);
  const path = given.value('sort-by');
  if (path && objects.length > 0) {
    try {
      objects = sortedBy(objects, relaxedJsonPath(path), (object) => object);
    } catch (error) {
      if (error instanceof JsonPathError) throw new KubectlError(error.message);
      throw error;
    }
  }
  if (format.name === 'name') {
    output.stdout += (objects as readonly Found['object'][]).map(nameLine).join('');
    return;
  }
  if ((format.name === 'json' || format.name === 'yaml') && !given.flag('show-managed-fields')) {
    objects = objects.map(withoutManagedFields);
  }
  const document = selection.isSingle ? objects[0] : listOf(objects);
  switch (format.name) {
    case 'json':
      output.stdout += jsonText(document);
      return;
    case 'yaml':
      output.stdout += yamlText(document);
      return;
    case 'custom-columns': {
      const columns = orError(() => parseCustomColumns(format.argument));
      const { text, error } = customColumnsText(columns, objects, given.flag('no-headers'));
      output.stdout += text;
      if (error !== undefined) throw new KubectlError(error);
      return;
    }
    case 'jsonpath':
    case 'jsonpath-as-json':
      output.stdout += jsonPathOutput(format, document);
      return;
    default:
      throw new KubectlError(`the output format ${format.name} is not built in kubeplan`);
  }
}

function orError<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof JsonPathError) throw new KubectlError(error.message);
    throw error;
  }
}

function jsonPathOutput({ name, argument }: OutputFormat, document: unknown): string {
  if (argument === '') throw new KubectlError(`template format specified but no template given`);
  let template: ListNode;
  try {
    template = parseJsonPath(argument);
  } catch (error) {
    if (!(error instanceof JsonPathError)) throw error;
    throw new KubectlError(`error parsing jsonpath ${argument}, ${error.message}`);
  }
  try {
    const results = findResults(template, document);
    return name === 'jsonpath' ? jsonPathText(results) : results.map((values) => jsonText(values)).join('');
  } catch (error) {
    if (!(error instanceof JsonPathError)) throw error;
    throw new KubectlError(`error executing jsonpath "${argument}": Error executing template: ${error.message}.`);
  }
}

function listOf(items: readonly unknown[]): unknown {
  return { apiVersion: 'v1', items, kind: 'List', metadata: { resourceVersion: '' } };
}

function nameLine({ apiVersion, kind, metadata }: Found['object']): string {
  const group = apiVersion.includes('/') ? `.${apiVersion.slice(0, apiVersion.indexOf('/'))}` : '';
  return `${`${kind}${group}`.toLowerCase()}/${metadata.name}\n`;
}

function withoutManagedFields(object: unknown): unknown {
  if (!isMap(object) || !isMap(object['metadata'])) return object;
  const { managedFields: _, ...metadata } = object['metadata'];
  return { ...object, metadata };
}

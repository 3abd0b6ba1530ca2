// `kubectl get` on a cluster.
// Behaviour: staging/src/k8s.io/kubectl/pkg/cmd/get/get.go, Kubernetes v1.36.3.
import { customColumnsText, parseCustomColumns, relaxedJsonPath } from '../../../report/kubectl/custom-columns.ts';
import { customResourcePrinter } from '../../../report/kubectl/get/custom-resources.ts';
import { printerOf, tableOf } from '../../../report/kubectl/get/printers.ts';
import { JsonPathError } from '../../../report/kubectl/jsonpath/parser.ts';
import { sortedBy, UnsortableError } from '../../../report/kubectl/sort-by.ts';
import { alignTabs, TABLE_LAYOUT } from '../../../report/kubectl/tab-writer.ts';
import { type Table, type TableOptions, tableLines } from '../../../report/kubectl/table.ts';
import { namespaceOf, type ParsedArguments } from '../arguments.ts';
import type { KubectlContext } from '../context.ts';
import { FatalLog, KubectlError, type Output, throwAll } from '../outcome.ts';
import { type OutputFormat, outputFormat, type PrintWhole, WHOLE_FORMATS, wholePrinter } from '../print-object.ts';
import { kindText } from '../resources.ts';
import { type Found, type Selection, selectObjects } from '../select-objects.ts';
import { withSubresource } from './subresource.ts';

const FORMATS = ['custom-columns', 'custom-columns-file', ...WHOLE_FORMATS, 'wide'].sort();
const ERR_NO_TYPE =
  'You must specify the type of resource to get. Use "kubectl api-resources" for a complete list of supported resources.\n';
const ERR_WATCH_EVENTS = '--output-watch-events option can only be used with --watch or --watch-only';
const ERR_NOT_SPECIFIED = `error: Required resource not specified.
Use "kubectl explain <resource>" for a detailed description of that resource (e.g. kubectl explain pods).
See 'kubectl get -h' for help and examples`;

export function get(given: ParsedArguments, context: KubectlContext, output: Output): void {
  if (given.arguments.length === 0) {
    output.stderr += `${ERR_NO_TYPE}\n`;
    throw new KubectlError(ERR_NOT_SPECIFIED, { isBare: true });
  }
  const wanted = given.value('output') ?? '';
  if (given.flag('show-labels') && wanted !== '' && wanted !== 'wide')
    throw new KubectlError(`--show-labels option cannot be used with ${wanted} printer`);
  const format = outputFormat(given, FORMATS);
  const isWatching = given.flag('watch') || given.flag('watch-only');
  if (given.flag('output-watch-events'))
    throw new KubectlError(isWatching ? 'the events of a watch are not built in kubeplan' : ERR_WATCH_EVENTS);
  const named = selectObjects(context.view, {
    words: given.arguments,
    namespace: namespaceOf(given),
    allNamespaces: given.flag('all-namespaces'),
    labelSelector: given.value('selector') ?? '',
    fieldSelector: given.value('field-selector') ?? '',
  });
  const part = given.value('subresource');
  const selection = part ? withSubresource(named, part, context) : named;
  output.warnLines(selection.warnings);
  const errors = given.flag('ignore-not-found')
    ? selection.errors.filter(({ reason }) => reason !== 'NotFound')
    : selection.errors;
  // Nothing comes after the list: the cluster is at rest.
  if (given.flag('watch-only') && errors.length === 0) return;
  const isTable = format.name === '' || format.name === 'wide';
  const whole = wholePrinter(format, given, context);
  if (isTable) printTables(given, selection, errors, context, output);
  else if (selection.isSingle && selection.found.length === 0) {
    // Nothing to print.
  } else printGeneric(selection, { format, whole }, given, context, output);
  throwAll(errors);
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
    const isPrintedHere = given.has('server-print') && !given.flag('server-print');
    const columns = isPrintedHere ? [] : resource.custom?.columns;
    const printer = columns ? customResourcePrinter(columns) : printerOf(resource.group, resource.kind);
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
    return { ...table, rows: sortedBy(table.rows, fullPath(path), ({ object }) => object) };
  } catch (error) {
    if (error instanceof JsonPathError) return undefined;
    if (error instanceof UnsortableError) throw unsortable(error, fullPath(path), ON_TABLES);
    throw error;
  }
}

/** Where kubectl's log says that it gave up, and what it was sorting. */
const ON_TABLES = { line: 375, type: '[][][]reflect.Value' };
const ON_OBJECTS = { line: 329, type: '*unstructured.Unstructured' };

function unsortable({ message }: Error, path: string, { line, type }: typeof ON_TABLES): Error {
  return new FatalLog(
    `sorter.go:${line}`,
    `Field ${path} in ${type} is an unsortable type: interface, err: ${message}`,
  );
}

function fullPath(path: string): string {
  try {
    return relaxedJsonPath(path);
  } catch {
    return path;
  }
}

interface GenericOutput {
  readonly format: OutputFormat;
  /** For formats that print all objects as one. */
  readonly whole: PrintWhole | undefined;
}

function printGeneric(
  selection: Selection,
  { format, whole }: GenericOutput,
  given: ParsedArguments,
  context: KubectlContext,
  output: Output,
): void {
  if (selection.found.length === 0 && given.flag('ignore-not-found')) return;
  let objects: readonly unknown[] = selection.found.map(({ object }) => object);
  const path = given.value('sort-by');
  if (path && objects.length > 0) {
    try {
      objects = sortedBy(objects, relaxedJsonPath(path), (object) => object);
    } catch (error) {
      if (error instanceof JsonPathError) throw new KubectlError(error.message);
      if (error instanceof UnsortableError) throw unsortable(error, relaxedJsonPath(path), ON_OBJECTS);
      throw error;
    }
  }
  if (format.name === 'name') {
    output.stdout += (objects as readonly Found['object'][]).map(nameLine).join('');
    return;
  }
  if (whole) {
    whole(selection.isSingle ? objects[0] : listOf(objects), output);
    return;
  }
  const spec = format.name === 'custom-columns-file' ? columnsIn(format.argument, context) : format.argument;
  const columns = orError(() => parseCustomColumns(spec));
  const { text, error } = customColumnsText(columns, objects, given.flag('no-headers'));
  output.stdout += text;
  if (error !== undefined) throw new KubectlError(error);
}

/** A file with a line of headers and a line of paths. */
function columnsIn(path: string, { files }: KubectlContext): string {
  if (path === '') throw new KubectlError('custom-columns format specified but no custom columns given');
  if (files.kind(path) === 'missing')
    throw new KubectlError(`error reading template ${path}, open ${path}: no such file or directory\n`);
  const [headers = [], paths = []] = files
    .read(path)
    .split('\n')
    .slice(0, 2)
    .map((line) => line.split(/\s+/).filter((word) => word !== ''));
  if (headers.length !== paths.length)
    throw new KubectlError(
      `number of headers (${headers.length}) and field specifications (${paths.length}) don't match`,
    );
  return headers.map((header, i) => `${header}:${paths[i]}`).join(',');
}

function orError<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof JsonPathError) throw new KubectlError(error.message);
    throw error;
  }
}

function listOf(items: readonly unknown[]): unknown {
  return { apiVersion: 'v1', items, kind: 'List', metadata: { resourceVersion: '' } };
}

function nameLine({ apiVersion, kind, metadata }: Found['object']): string {
  const group = apiVersion.includes('/') ? `.${apiVersion.slice(0, apiVersion.indexOf('/'))}` : '';
  return `${`${kind}${group}`.toLowerCase()}/${metadata.name}\n`;
}

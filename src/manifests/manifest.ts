// One Kubernetes object as it stands in a file: its JSON value and the way back to lines and columns.
import type { Diagnostic, SourceLocation } from '../apimachinery/diagnostic.ts';
import { Decoded } from './decoded.ts';
import { type Document, linesBeforeContent, splitDocuments } from './document.ts';
import { invalidOctet } from './octets.ts';
import { readPlainYaml } from './plain-yaml.ts';
import { parseYamlDocument, positionOf, type YamlDocument } from './yaml-document.ts';

export interface Manifest {
  readonly document: Document;
  /** Way from the document's root to the object; not empty inside a List. */
  readonly path: readonly (string | number)[];
  /** The JSON value, not yet decoded unless `decodedFor` says so. */
  readonly value: Readonly<Record<string, unknown>>;
  /** The Kubernetes version for which the value is decoded, as part of a large file is while it is read. */
  readonly decodedFor?: string;
  /** Keys that stand twice, in go-yaml's words, with the line in the document. */
  readonly duplicates: readonly { readonly line: number; readonly column: number; readonly message: string }[];
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
}

const NOTHING: Manifest['value'] = Object.freeze({});

/** Lets go of the value, which nobody looks at again: of a large cluster it would stay in memory beside what was made of it. */
export function dropValue(manifest: Manifest): void {
  (manifest as { value: Manifest['value'] }).value = NOTHING;
}

export interface ManifestSet {
  readonly manifests: readonly Manifest[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Files above this size are refused: no set of manifests needs them, and reading them would take all memory. */
const MAX_FILE_SIZE = 64 * 1024 * 1024;

export interface FileSizes {
  readonly manifests: number;
  readonly cluster: number;
  /** From this size on the files of a cluster are read piece by piece. */
  readonly pieces?: number;
}

/** A cluster of many thousand pods, as kubectl get prints it, may be more than manifests are. */
export const MAX_FILE_SIZES: FileSizes = { manifests: MAX_FILE_SIZE, cluster: 512 * 1024 * 1024, pieces: 256 * 1024 };

/** The objects of one file's content, in the order in which they stand there; Lists are opened. */
export function parseManifests(file: string, content: string, maxSize = MAX_FILE_SIZE): ManifestSet {
  if (content.length > maxSize)
    return failure(file, 1, 1, 'FileTooLarge', `file is larger than ${maxSize / 1024 / 1024} MiB`);
  const manifests: Manifest[] = [];
  const diagnostics: Diagnostic[] = [];
  const { documents, badSeparators } = splitDocuments(file, content);
  for (const { line, text } of badSeparators)
    diagnostics.push(
      problem(file, line, 1, 'InvalidSeparator', `invalid Yaml document separator: ${text.slice(3).trim()}`),
    );
  for (const document of documents) openDocument(document, parseDocument(document.text), manifests, diagnostics);
  return { manifests, diagnostics };
}

/** Adds the objects of a document that was parsed, or what is wrong with it. */
export function openDocument(
  document: Document,
  { value, duplicates, error }: YamlDocument,
  manifests: Manifest[],
  diagnostics: Diagnostic[],
): void {
  if (error) {
    const { message, line = 1, column = 1 } = error;
    diagnostics.push(problem(document.file, document.line + line - 1, column, 'InvalidYAML', message));
  } else open(value, [], { document, duplicates, manifests, diagnostics });
}

function parseDocument(text: string): YamlDocument {
  const isJson = /^\s*\{/.test(text) && !invalidOctet(text);
  if (isJson) {
    try {
      return { value: JSON.parse(text), duplicates: [] };
    } catch {
      // Not JSON after all: YAML's flow style, or a mistake that the YAML parser puts a line to.
    }
  }
  const plain = readPlainYaml(text);
  return plain ? { value: plain.value, duplicates: [] } : parseYamlDocument(text);
}

/** The objects of a list inside another one, wherever it may stand; none where there is no list. */
export function objectsAt({ document, path, value, duplicates }: Manifest, steps: readonly string[]): ManifestSet {
  let list: unknown = value;
  for (const step of steps) list = (list as Readonly<Record<string, unknown>> | undefined)?.[step];
  const manifests: Manifest[] = [];
  const diagnostics: Diagnostic[] = [];
  const opening = { document, duplicates, manifests, diagnostics };
  if (Array.isArray(list)) list.forEach((item: unknown, index) => void open(item, [...path, ...steps, index], opening));
  return { manifests, diagnostics };
}

/** A document that is being opened: what holds for all its objects, and where they and their problems go. */
interface Opening {
  readonly document: Document;
  readonly duplicates: Manifest['duplicates'];
  readonly manifests: Manifest[];
  readonly diagnostics: Diagnostic[];
}

function open(item: unknown, path: readonly (string | number)[], opening: Opening): void {
  const { document, duplicates, manifests, diagnostics } = opening;
  const at = (code: string, message: string, nextStep: string): void => {
    diagnostics.push({ ...problem(document.file, ...place(document, path), code, message), nextStep });
  };
  const value = item instanceof Decoded ? item.object : item;
  if (value === null) return;
  if (typeof value !== 'object' || Array.isArray(value)) {
    at(
      'NotAnObject',
      'document is not a Kubernetes object: a map with apiVersion and kind is expected',
      'Check the indentation and that this file is a manifest.',
    );
    return;
  }
  const object = value as Readonly<Record<string, unknown>>;
  const { apiVersion, kind, metadata } = object;
  if (typeof kind !== 'string' || kind === '') {
    at('MissingKind', "Object 'Kind' is missing", 'Add `kind:`, for example `kind: Deployment`.');
    return;
  }
  if (typeof apiVersion !== 'string' || apiVersion === '') {
    at('MissingAPIVersion', "Object 'apiVersion' is missing", 'Add `apiVersion:`, for example `apiVersion: v1`.');
    return;
  }
  if (kind.endsWith('List') && Array.isArray(object['items'])) {
    object['items'].forEach((item: unknown, index) => {
      open(listItem(item, apiVersion, kind), [...path, 'items', index], opening);
    });
    return;
  }
  const { name, generateName, namespace } = (metadata ?? {}) as Readonly<Record<string, unknown>>;
  const manifest: { -readonly [Key in keyof Manifest]: Manifest[Key] } = {
    document,
    path,
    value: object,
    duplicates,
    apiVersion,
    kind,
    name: typeof name === 'string' ? name : typeof generateName === 'string' ? generateName : '',
  };
  if (typeof namespace === 'string' && namespace !== '') manifest.namespace = namespace;
  if (item instanceof Decoded) manifest.decodedFor = item.version;
  manifests.push(manifest);
}

/** The items of a typed list (PodList) need not say what they are. */
function listItem(item: unknown, apiVersion: string, kind: string): unknown {
  const itemKind = kind.slice(0, -'List'.length);
  if (itemKind === '' || typeof item !== 'object' || item === null || Array.isArray(item)) return item;
  if (item instanceof Decoded) return item;
  const given = item as Readonly<Record<string, unknown>>;
  return given['kind'] && given['apiVersion'] ? item : { ...given, apiVersion, kind: itemKind };
}

/** Where a field of the manifest stands; the nearest parent that stands in the file when the field itself does not. */
export function locate(manifest: Manifest, field?: string): SourceLocation {
  const { document, path } = manifest;
  const [line, column] = place(document, field ? [...path, ...fieldSteps(field)] : path);
  const { file, origin } = document;
  return { file, line, column, ...(origin === undefined ? {} : { template: origin }) };
}

function place(document: Document, path: readonly (string | number)[]): [line: number, column: number] {
  const part = document.part?.(path);
  const inPart = part && positionOf(part.text, part.path);
  if (inPart) return [part.line + inPart.line - 1, inPart.column + (inPart.line === 1 ? part.column : 0)];
  // Only a field inside the document is worth parsing the text once more.
  const found = path.length === 0 ? undefined : positionOf(document.text, path);
  if (found) return [document.line + found.line - 1, found.column];
  return [document.line + (document.linesBefore ?? linesBeforeContent(document.text)), 1];
}

/** `spec.containers[0].env[name]` as keys and indexes. */
export function fieldSteps(field: string): (string | number)[] {
  const steps: (string | number)[] = [];
  for (const [, name, index] of field.matchAll(/([^.[\]]+)|\[([^\]]*)\]/g)) {
    if (name !== undefined) steps.push(name);
    else if (index !== undefined) steps.push(/^\d+$/.test(index) ? Number(index) : index);
  }
  return steps;
}

function problem(file: string, line: number, column: number, code: string, message: string): Diagnostic {
  return { severity: 'error', code, message, source: { file, line, column } };
}

function failure(file: string, line: number, column: number, code: string, message: string): ManifestSet {
  return { manifests: [], diagnostics: [problem(file, line, column, code, message)] };
}

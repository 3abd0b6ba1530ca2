// What -f names: files, folders, patterns and standard input, read in one fixed order.
// Behaviour: k8s.io/cli-runtime pkg/resource/{builder,visitor}.go v0.36.3 (folders: .json .yaml .yml; subfolders only with -R).
import type { Diagnostic } from '../apimachinery/diagnostic.ts';
import type { ByteFile } from './large/byte-file.ts';
import { type EachObject, Irregular, readLargeFile } from './large/read-large.ts';
import { type ManifestSet, parseManifests } from './manifest.ts';

/** The file system and standard input as the caller grants them. */
export interface FileReader {
  kind(path: string): 'file' | 'folder' | 'missing' | 'other';
  read(path: string): string;
  /** Names in a folder, in any order. */
  names(path: string): readonly string[];
  /** The same with what each name is, where that is known without asking for each. */
  entries?(path: string): readonly FolderEntry[];
  stdin(): string;
  /** A file that stays as it is, to be read piece by piece. */
  open?(path: string): ByteFile | undefined;
}

interface FolderEntry {
  readonly name: string;
  readonly isFolder: boolean;
}

/** How files are read that are too large to be one text. */
interface Pieces {
  /** Files of this size and larger ones are read piece by piece. */
  readonly from: number;
  /** What is kept of each object in the place of its value. */
  readonly each?: EachObject;
}

interface ListedFiles {
  readonly files: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

interface ReadResult extends ManifestSet {
  readonly files: readonly string[];
}

const EXTENSIONS = ['.json', '.yaml', '.yml'];
/** Folders that hold no manifests of the project. */
const SKIPPED = new Set(['.git', 'node_modules']);

export function readManifests(
  paths: readonly string[],
  recursive: boolean,
  reader: FileReader,
  maxSize?: number,
  pieces?: Pieces,
): ReadResult {
  return readListed(paths, listFiles(paths, recursive, reader), reader, maxSize, pieces);
}

/** Reads what the paths were found to name. */
export function readListed(
  paths: readonly string[],
  { files, diagnostics }: ListedFiles,
  reader: FileReader,
  maxSize?: number,
  pieces?: Pieces,
): ReadResult {
  const sets = files.map(
    (file) => (pieces === undefined ? undefined : readPieces(file, reader, pieces)) ?? readFile(file, reader, maxSize),
  );
  const manifests = sets.flatMap((set) => set.manifests);
  const found = [...diagnostics, ...sets.flatMap((set) => set.diagnostics)];
  if (manifests.length === 0 && found.length === 0) found.push(nothingIn(paths, files));
  return { manifests, diagnostics: found, files };
}

/** The files that the paths name, in the order in which they are read. */
export function listFiles(paths: readonly string[], recursive: boolean, reader: FileReader): ListedFiles {
  const diagnostics: Diagnostic[] = [];
  return { files: paths.flatMap((path) => filesUnder(path, recursive, reader, diagnostics)), diagnostics };
}

export function readFile(file: string, reader: FileReader, maxSize?: number): ManifestSet {
  const diagnostics: Diagnostic[] = [];
  const content = contentOf(file, reader, diagnostics);
  return content === undefined ? { manifests: [], diagnostics } : parseManifests(file, content, maxSize);
}

/** The objects of a large file; undefined when it is none, or has to be read as a whole. */
function readPieces(file: string, reader: FileReader, { from, each }: Pieces): ManifestSet | undefined {
  // A pipe is read once, and as a whole.
  if (file === '-' || !reader.open || reader.kind(file) !== 'file') return undefined;
  try {
    const size = sizeOf(reader.open(file));
    if (size < from) return undefined;
    const open = (): ByteFile => {
      const opened = reader.open?.(file);
      if (!opened) throw new Error('it is no file any longer');
      return opened;
    };
    const read = readLargeFile(file, open, each);
    if (!(read instanceof Irregular)) return read;
    return size <= LONGEST_TEXT ? undefined : { manifests: [], diagnostics: [notInPieces(file, size, read.line)] };
  } catch (error) {
    return { manifests: [], diagnostics: [unreadable(file, error)] };
  }
}

function sizeOf(file: ByteFile | undefined): number {
  file?.close();
  return file?.size ?? 0;
}

/** A text cannot be longer. */
const LONGEST_TEXT = 512 * 1024 * 1024 - 24;

function notInPieces(file: string, size: number, line: number): Diagnostic {
  return {
    severity: 'error',
    code: 'FileTooLarge',
    message: `file has ${Math.ceil(size / 1024 / 1024)} MiB; above 512 MiB only the Lists and documents that kubectl prints can be read, and what begins here is something else or not whole`,
    source: { file, line },
    nextStep: 'Mend this object, export the cluster anew with kubectl get -o yaml, or split the file.',
  };
}

/** What is said when all files are read and nothing was found in them. */
export function nothingIn(paths: readonly string[], files: readonly string[]): Diagnostic {
  return {
    severity: 'error',
    code: 'EmptyInput',
    message: `no Kubernetes objects in ${paths.join(', ')}`,
    ...(files[0] ? { source: { file: files[0] } } : {}),
    nextStep: 'Name a file or folder with manifests, or pipe them in with -f -.',
  };
}

function contentOf(file: string, reader: FileReader, diagnostics: Diagnostic[]): string | undefined {
  try {
    return file === '-' ? reader.stdin() : reader.read(file);
  } catch (error) {
    diagnostics.push(unreadable(file, error));
    return undefined;
  }
}

/** In the system's words, without its code and its call: `cannot read deploy: permission denied`. */
function unreadable(path: string, error: unknown): Diagnostic {
  const reason = error instanceof Error ? error.message.replace(/^[A-Z]+: |, \w+( '.*')?$/g, '') : String(error);
  return {
    severity: 'error',
    code: 'UnreadableFile',
    message: `cannot read ${path}: ${reason}`,
    source: { file: path },
  };
}

function filesUnder(
  path: string,
  recursive: boolean,
  reader: FileReader,
  diagnostics: Diagnostic[],
): readonly string[] {
  if (path === '-') return [path];
  if (/^https?:\/\//.test(path)) {
    diagnostics.push({
      severity: 'error',
      code: 'NoNetwork',
      message: `${path} is a URL, and kubeplan never uses the network`,
      nextStep: `Download it first: curl -fsSL ${path} | kubeplan plan -f -`,
    });
    return [];
  }
  switch (reader.kind(path)) {
    case 'file':
    case 'other':
      return [path];
    case 'folder': {
      const known = diagnostics.length;
      const files = filesInFolder(path, recursive, reader, diagnostics);
      if (files.length === 0 && diagnostics.length === known)
        diagnostics.push({
          severity: 'error',
          code: 'NoManifests',
          message: `error reading [${path}]: recognized file extensions are [${EXTENSIONS.join(' ')}]`,
          source: { file: path },
          nextStep: recursive
            ? 'Name a folder with manifests.'
            : 'Name a folder with manifests, or look into subfolders with -R.',
        });
      return files;
    }
    case 'missing': {
      const matches = /[*?[]/.test(path) ? glob(path, reader) : [];
      if (matches.length > 0) return matches;
      diagnostics.push({
        severity: 'error',
        code: 'MissingFile',
        message: `the path "${path}" does not exist`,
        source: { file: path },
        nextStep: 'Check the spelling and the folder you are in.',
      });
      return [];
    }
  }
}

function filesInFolder(folder: string, recursive: boolean, reader: FileReader, diagnostics: Diagnostic[]): string[] {
  const base = folder.endsWith('/') ? folder.slice(0, -1) : folder;
  let entries: FolderEntry[];
  try {
    entries = entriesOf(folder, base, reader);
  } catch (error) {
    diagnostics.push(unreadable(folder, error));
    return [];
  }
  return entries.flatMap(({ name, isFolder }) => {
    const path = `${base}/${name}`;
    if (isFolder) return recursive && !SKIPPED.has(name) ? filesInFolder(path, true, reader, diagnostics) : [];
    return EXTENSIONS.some((extension) => name.endsWith(extension)) ? [path] : [];
  });
}

function entriesOf(folder: string, base: string, reader: FileReader): FolderEntry[] {
  const entries =
    reader.entries?.(folder) ??
    reader.names(folder).map((name) => ({ name, isFolder: reader.kind(`${base}/${name}`) === 'folder' }));
  return [...entries].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

/** Go's filepath.Glob: `*` and `?` stop at slashes, `[a-z]` is a class; no `**`. */
function glob(pattern: string, reader: FileReader): string[] {
  const isAbsolute = pattern.startsWith('/');
  const parts = pattern.split('/').filter((part) => part !== '');
  const start = isAbsolute ? '/' : '';
  return parts.reduce<string[]>(
    (folders, part, index) =>
      folders.flatMap((folder) => {
        const join = (name: string): string => (folder === '' || folder === '/' ? folder + name : `${folder}/${name}`);
        if (!/[*?[]/.test(part)) return reader.kind(join(part)) === 'missing' ? [] : [join(part)];
        if (folder !== '' && reader.kind(folder) !== 'folder') return [];
        const matches = globPart(part);
        const isLast = index === parts.length - 1;
        return namesIn(folder === '' ? '.' : folder, reader)
          .filter((name) => matches.test(name))
          .sort()
          .map(join)
          .filter((path) => isLast || reader.kind(path) === 'folder');
      }),
    [start],
  );
}

/** As in Go, a folder that cannot be read matches nothing. */
function namesIn(folder: string, reader: FileReader): string[] {
  try {
    return [...reader.names(folder)];
  } catch {
    return [];
  }
}

function globPart(part: string): RegExp {
  const source = part.replace(/\[\^?[^\]]*\]|[*?]|[\\^$.|+(){}[\]]/g, (token) => {
    if (token === '*') return '[^/]*';
    if (token === '?') return '[^/]';
    return token.length > 1 ? token : `\\${token}`;
  });
  return new RegExp(`^${source}$`);
}

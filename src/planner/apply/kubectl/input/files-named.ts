// What -f names: files, folders and standard input, with their texts.
// Behaviour: staging/src/k8s.io/cli-runtime/pkg/resource/{builder,visitor}.go (FilenameParam, ExpandPathsToFileVisitors), Kubernetes v1.36.3.
// Differs: URLs are refused: nothing is read from the network.
import { goQuote } from '../../../../apimachinery/go/quote.ts';
import type { FileReader } from '../../../../manifests/read.ts';
import { CommandFailure } from '../failures.ts';

interface NamedFile {
  readonly source: string;
  readonly text: string;
}

const EXTENSIONS = /\.(json|yaml|yml)$/;

export function filesNamed(paths: readonly string[], isRecursive: boolean, files: FileReader): readonly NamedFile[] {
  return paths.flatMap((path) => path.split(',')).flatMap((path) => filesAt(path, isRecursive, files));
}

function filesAt(path: string, isRecursive: boolean, files: FileReader): readonly NamedFile[] {
  if (path === '-') return [{ source: 'STDIN', text: files.stdin() }];
  if (/^https?:\/\//.test(path))
    throw new CommandFailure(`unable to read URL ${goQuote(path)}: kubeplan never uses the network`);
  const kind = files.kind(path);
  if (kind === 'missing') throw new CommandFailure(`the path ${goQuote(path)} does not exist`);
  if (kind !== 'folder') return [{ source: path, text: textOf(path, files) }];
  return inFolder(path.replace(/\/+$/, ''), isRecursive, files);
}

function inFolder(folder: string, isRecursive: boolean, files: FileReader): readonly NamedFile[] {
  return [...files.names(folder)].sort().flatMap((name) => {
    const path = `${folder}/${name}`;
    if (files.kind(path) === 'folder') return isRecursive ? inFolder(path, true, files) : [];
    return EXTENSIONS.test(name) ? [{ source: path, text: textOf(path, files) }] : [];
  });
}

function textOf(path: string, files: FileReader): string {
  try {
    return files.read(path);
  } catch (error) {
    throw new CommandFailure(error instanceof Error ? error.message : String(error));
  }
}

// Keys and values on kubectl's command line: literals, files, environment files, amounts of resources.
// Behaviour: staging/src/k8s.io/kubectl/pkg/util/util.go, pkg/cmd/util/env_file.go, pkg/generate/versioned/run.go, Kubernetes v1.36.3.
import { goQuote } from '../../../../apimachinery/go/quote.ts';
import { parseQuantityOrError } from '../../../../apimachinery/quantity/quantity.ts';
import { isEnvVarName } from '../../../../apimachinery/validation/names.ts';
import type { KubectlContext } from '../../context.ts';
import { KubectlError } from '../../outcome.ts';

export interface KeyValue {
  readonly key: string;
  readonly value: string;
}

export function literal(source: string): KeyValue {
  const equals = source.indexOf('=');
  if (equals <= 0) throw new KubectlError(`invalid literal source ${source}, expected key=value`);
  return { key: source.slice(0, equals), value: source.slice(equals + 1) };
}

/** `key=path` or a path, which may be a folder of files. */
export function fromFile(source: string, { files }: KubectlContext): readonly KeyValue[] {
  const { key, path } = parseFileSource(source);
  const kind = files.kind(path);
  if (kind === 'missing') throw new KubectlError(`error reading ${path}: no such file or directory`);
  if (kind !== 'folder') return [{ key, value: files.read(path) }];
  if (source.includes('=')) throw new KubectlError('cannot give a key name for a directory path');
  return [...files.names(path)]
    .sort()
    .map((name) => ({ name, at: `${path.replace(/\/+$/, '')}/${name}` }))
    .filter(({ at }) => files.kind(at) === 'file')
    .map(({ name, at }) => ({ key: name, value: files.read(at) }));
}

function parseFileSource(source: string): { readonly key: string; readonly path: string } {
  const parts = source.split('=');
  if (parts.length === 1) return { key: source.replace(/\/+$/, '').split('/').at(-1) ?? source, path: source };
  if (parts.length > 2) throw new KubectlError("key names or file paths cannot contain '='");
  const [key = '', path = ''] = parts;
  if (key === '') throw new KubectlError(`key name for file path ${path} missing`);
  if (path === '') throw new KubectlError(`file path for key name ${key} missing`);
  return { key, path };
}

/** The lines of an environment file; `what` is in the complaint about a folder. */
export function fromEnvFile(path: string, what: string, { files, env }: KubectlContext): readonly KeyValue[] {
  const kind = files.kind(path);
  if (kind === 'missing') throw new KubectlError(`error reading ${path}: no such file or directory`);
  if (kind === 'folder') throw new KubectlError(`env ${what} file cannot be a directory`);
  return files
    .read(path)
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)
    .flatMap((given) => {
      const line = given.trimStart();
      if (line === '' || line.startsWith('#')) return [];
      const equals = line.indexOf('=');
      const key = equals < 0 ? line : line.slice(0, equals);
      checkEnvName(key);
      return [{ key, value: equals < 0 ? (env[key] ?? '') : line.slice(equals + 1) }];
    });
}

export function checkEnvName(name: string): void {
  const errors = isEnvVarName(name);
  if (errors.length > 0) throw new KubectlError(`${goQuote(name)} is not a valid key name: ${errors.join(';')}`);
}

/** `cpu=200m,memory=512Mi` */
export function resourceList(spec: string): Readonly<Record<string, string>> {
  if (spec === '') return {};
  const amounts: Record<string, string> = {};
  for (const statement of spec.split(',')) {
    const parts = statement.split('=');
    if (parts.length !== 2) throw new KubectlError(`Invalid argument syntax ${statement}, expected <resource>=<value>`);
    const [name = '', amount = ''] = parts;
    amounts[name] = quantityText(amount);
  }
  return amounts;
}

function quantityText(text: string): string {
  const parsed = parseQuantityOrError(text);
  if (!parsed.ok) throw new KubectlError(parsed.error);
  return parsed.value.toString();
}

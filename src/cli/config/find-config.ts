// The configuration file of a run: the one that --config names, else the nearest kubeplan.yaml from the working folder up to the
// repository's root.
import { dirname, isAbsolute, join, relative } from 'node:path';
import type { Diagnostic } from '../../apimachinery/diagnostic.ts';
import { locate, type Manifest, parseManifests } from '../../manifests/manifest.ts';
import type { SuppressionRule } from '../gate/suppressions.ts';
import type { Io } from '../io.ts';

/** No kubeplan.json: plans are saved under such names. */
const CONFIG_NAMES = ['kubeplan.yaml', 'kubeplan.yml'];
const NEXT_STEP = '`kubeplan schema config` prints what a configuration file may hold.';

/** Plain data: threads get it too. */
export interface Config {
  readonly file: string;
  readonly values: Readonly<Record<string, unknown>>;
  readonly suppressions: readonly SuppressionRule[];
  /** Where each setting stands. */
  readonly places: Readonly<Record<string, string>>;
}

/** A path that the file names, from the working folder. */
export function resolveFrom({ file }: Pick<Config, 'file'>, path: string): string {
  const folder = dirname(file);
  return isAbsolute(path) || path === '-' || folder === '.' ? path : join(folder, path);
}

type FoundConfig =
  | { readonly ok: true; readonly config?: Config }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/** `named` comes from --config or its variable. */
export async function findConfig(named: string | undefined, io: Io): Promise<FoundConfig> {
  const file = named ?? nearest(io);
  if (file === undefined) return { ok: true };
  const problem = (message: string, nextStep = NEXT_STEP): FoundConfig => ({
    ok: false,
    diagnostics: [{ severity: 'error', code: 'InvalidConfiguration', message, source: { file }, nextStep }],
  });
  if (io.files.kind(file) !== 'file') return problem(`the configuration "${file}" does not exist`, 'Check --config.');
  let text: string;
  try {
    text = io.files.read(file);
  } catch (error) {
    return problem(`cannot read it: ${error instanceof Error ? error.message : error}`, 'Check its permissions.');
  }
  const { manifests, diagnostics } = parseManifests(file, text);
  if (diagnostics.length > 0) return { ok: false, diagnostics };
  const [manifest, second] = manifests;
  if (!manifest || second) return problem('a configuration file holds one document of kind Configuration');
  return checked(manifest, file);
}

async function checked(manifest: Manifest, file: string): Promise<FoundConfig> {
  const { configSchema } = await import('./config-schema.ts');
  const { compileSchema } = await import('../../schema/ajv.ts');
  const problems = compileSchema(configSchema)(manifest.value);
  // A union reports each of its members; the last says enough.
  const told = problems.filter(
    ({ keyword, path }) => keyword !== 'type' || !problems.some((p) => p.keyword === 'anyOf' && p.path === path),
  );
  if (told.length > 0)
    return {
      ok: false,
      diagnostics: told.map(({ path, keyword, message }) => ({
        severity: 'error',
        code: 'InvalidConfiguration',
        message: keyword === 'anyOf' ? 'must be a text or a number' : message,
        ...(path ? { field: path } : {}),
        source: locate(manifest, keyword === 'additionalProperties' ? below(path, message) : path),
        nextStep: NEXT_STEP,
      })),
    };
  const { suppressions = [], ...values } = manifest.value as { readonly suppressions?: readonly SuppressionRule[] };
  const places = Object.keys(values).map((name) => [name, `${file}:${locate(manifest, name).line}`] as const);
  return { ok: true, config: { file, values, suppressions, places: Object.fromEntries(places) } };
}

/** An unknown property stands below the object that must not have it. */
function below(path: string, message: string): string {
  const name = /"([^"]*)"/.exec(message)?.[1] ?? '';
  return path === '' ? name : `${path}.${name}`;
}

function nearest({ folder, files }: Io): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    const found = CONFIG_NAMES.map((name) => join(at, name)).find((path) => files.kind(path) === 'file');
    if (found !== undefined) return relative(folder, found);
    if (files.kind(join(at, '.git')) !== 'missing' || dirname(at) === at) return undefined;
  }
}

// -k: the manifests that the user's own kustomize builds of a folder, for a second implementation would build others.
// Behaviour: kubectl's -k (k8s.io/cli-runtime pkg/resource/builder.go and kustomizevisitor.go v0.36.3).
import { type ManifestSet, parseManifests } from '../manifests/manifest.ts';
import { type CommandInput, flagOption, textOption } from './command.ts';
import { ExternalError, UsageError } from './errors.ts';
import type { Io } from './io.ts';

const PROGRAMS: readonly (readonly [name: string, args: readonly string[]])[] = [
  ['kustomize', ['build']],
  ['kubectl', ['kustomize']],
];

/** What -k names; undefined without it. */
export function kustomizationOf(given: CommandInput, paths: readonly string[]): string | undefined {
  const folder = textOption(given, 'kustomize');
  if (folder === undefined) return undefined;
  if (paths.length > 0) throw new UsageError('only one of -f or -k can be specified');
  if (flagOption(given, 'recursive')) throw new UsageError("the -k flag can't be used with -f or -R");
  return folder;
}

/** Builds with whichever program there is; what it says of a kustomization that it cannot build is passed on. */
export function buildKustomization(folder: string, io: Pick<Io, 'runProgram'>): ManifestSet {
  for (const [name, args] of PROGRAMS) {
    const ran = io.runProgram?.(name, [...args, folder]);
    if (!ran) continue;
    if (!ran.ok) throw new ExternalError(`${name} ${args.join(' ')} ${folder} failed: ${ran.stderr.trim()}`);
    return parseManifests(`${folder} (${name} ${args.join(' ')})`, ran.stdout);
  }
  throw new UsageError(
    `cannot build ${folder}: neither kustomize nor kubectl is installed`,
    `Install one of them, or pipe what it builds elsewhere: kustomize build ${folder} | kubeplan validate -f -`,
  );
}

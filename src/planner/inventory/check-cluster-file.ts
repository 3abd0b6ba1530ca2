// Whether a Cluster document has the shape that it must have, with the line of what is wrong.
import type { Diagnostic } from '../../apimachinery/diagnostic.ts';
import { locate, type Manifest } from '../../manifests/manifest.ts';
import { compileSchema } from '../../schema/ajv.ts';
import { type ClusterFile, clusterSchema } from './cluster-file.ts';

export function checkClusterFile(manifest: Manifest): {
  readonly file?: ClusterFile;
  readonly diagnostics: readonly Diagnostic[];
} {
  const problems = compileSchema(clusterSchema)(manifest.value);
  if (problems.length === 0) return { file: manifest.value as unknown as ClusterFile, diagnostics: [] };
  return {
    diagnostics: problems.map(({ path, keyword, message }) => ({
      severity: 'error' as const,
      code: 'InvalidClusterFile',
      message,
      ...(path ? { field: path } : {}),
      source: locate(manifest, keyword === 'additionalProperties' ? below(path, message) : path),
      nextStep: '`kubeplan schema cluster` prints what a Cluster may hold.',
    })),
  };
}

/** An unknown property stands below the object that must not have it. */
function below(path: string, message: string): string {
  const name = /"([^"]*)"/.exec(message)?.[1] ?? '';
  return path === '' ? name : `${path}.${name}`;
}

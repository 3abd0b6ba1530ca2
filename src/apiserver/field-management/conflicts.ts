// The answer to an apply that would change what others own.
// Behaviour: staging/src/k8s.io/apimachinery/pkg/util/managedfields/internal/conflict.go, Kubernetes v1.36.3.
import { compareBytes } from '../../apimachinery/go/json.ts';
import { goQuote } from '../../apimachinery/go/quote.ts';
import { applyConflict, type Status } from '../../apimachinery/status.ts';
import { type FieldPathElements, pathText } from './field-sets/path-element.ts';
import { managerInfo } from './managed-fields.ts';

export interface Conflict {
  /** Identifier of the manager that owns the field. */
  readonly manager: string;
  readonly path: FieldPathElements;
}

const CAUSE = 'FieldManagerConflict';

export function conflictStatus(conflicts: readonly Conflict[]): Status {
  const causes = conflicts.map(({ manager, path }) => ({
    reason: CAUSE,
    message: `conflict with ${managerText(manager)}`,
    field: pathText(path),
  }));
  return applyConflict(causes, conflictMessage(conflicts));
}

function conflictMessage(conflicts: readonly Conflict[]): string {
  const [first] = conflicts;
  if (conflicts.length === 1 && first)
    return `Apply failed with 1 conflict: conflict with ${managerText(first.manager)}: ${pathText(first.path)}`;
  const managers = [...new Set(conflicts.map(({ manager }) => manager))].sort(compareBytes);
  const lines = managers.flatMap((manager) => [
    `conflicts with ${managerText(manager)}:`,
    ...conflicts.filter((conflict) => conflict.manager === manager).map(({ path }) => `- ${pathText(path)}`),
  ]);
  return `Apply failed with ${conflicts.length} conflicts: ${lines.join('\n')}`;
}

function managerText(id: string): string {
  const info = managerInfo(id);
  if (!info) return goQuote(id);
  const { manager = '', operation, apiVersion = '', subresource } = info;
  const name = subresource ? `${goQuote(manager)} with subresource ${goQuote(subresource)}` : goQuote(manager);
  return operation === 'Update' ? `${name} using ${apiVersion}` : name;
}

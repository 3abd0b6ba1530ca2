// What the types of what it matches say against the expressions of a policy that was submitted: it stands in the status only.
import type { Diagnostic } from '../../apimachinery/diagnostic.ts';
import { refOf } from '../../apimachinery/object.ts';
import type { ClusterReader } from '../../apiserver/cluster-reader.ts';
import { locate } from '../../manifests/manifest.ts';
import type { ValidatingAdmissionPolicy } from '../../schema/generated/types/admissionregistration-v1.ts';
import { VALIDATING_ADMISSION_POLICIES } from '../../schema/resource-names.ts';
import type { SubmittedObject } from '../references/dangling.ts';

export function expressionWarnings(submitted: readonly SubmittedObject[], reader: ClusterReader): Diagnostic[] {
  return submitted.flatMap(({ manifest, object }) => {
    if (object.kind !== 'ValidatingAdmissionPolicy') return [];
    const policy = reader.get<ValidatingAdmissionPolicy>(
      VALIDATING_ADMISSION_POLICIES,
      undefined,
      object.metadata.name ?? '',
    );
    return (policy?.status?.typeChecking?.expressionWarnings ?? []).map(
      ({ fieldRef: field, warning }): Diagnostic => ({
        severity: 'warning',
        code: 'ExpressionWarning',
        message: warning.trimEnd(),
        object: refOf(object),
        field,
        source: locate(manifest, field),
        nextStep: 'The policy counts all the same: the expression fails when it is evaluated on such an object.',
      }),
    );
  });
}

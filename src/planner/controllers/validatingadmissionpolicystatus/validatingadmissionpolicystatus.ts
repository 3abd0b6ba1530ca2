// Says in the status of a ValidatingAdmissionPolicy what is wrong with its expressions for the kinds that it matches.
// Behaviour: pkg/controller/validatingadmissionpolicystatus/controller.go, Kubernetes v1.36.3.
import { cel } from '../../../apiserver/cel/loaded.ts';
import type { ParamKind, ValidatingAdmissionPolicy } from '../../../schema/generated/types/admissionregistration-v1.ts';
import { splitApiVersion } from '../../../schema/kinds.ts';
import type { KubernetesVersion } from '../../../schema/layout.ts';
import { VALIDATING_ADMISSION_POLICIES } from '../../../schema/resource-names.ts';
import { type ControllerFactory, type SyncContext, watchSelf } from '../../engine/controller.ts';
import { declaredKind, kindsOf } from './types-to-check.ts';

interface ExpressionWarning {
  readonly fieldRef: string;
  readonly warning: string;
}

export const validatingAdmissionPolicyStatusController: ControllerFactory = ({ kubernetesVersion }) => ({
  name: 'validatingadmissionpolicy-status',
  watches: [watchSelf(VALIDATING_ADMISSION_POLICIES)],
  sync(key, context) {
    const policy = context.reader.get<ValidatingAdmissionPolicy>(VALIDATING_ADMISSION_POLICIES, undefined, key);
    if (!policy) return undefined;
    const { generation = 0 } = policy.metadata;
    if (generation <= (policy.status?.observedGeneration ?? 0)) return undefined;
    // The version is one of those that options are read for.
    const expressionWarnings = warningsOf(policy, context, kubernetesVersion as KubernetesVersion);
    const status = {
      ...policy.status,
      observedGeneration: generation,
      typeChecking: expressionWarnings.length > 0 ? { expressionWarnings } : {},
    };
    return context.client.updateStatus(VALIDATING_ADMISSION_POLICIES, { ...policy, status }).ok
      ? undefined
      : { retry: true };
  },
});

function warningsOf(
  { spec }: ValidatingAdmissionPolicy,
  { catalog, reader }: SyncContext,
  version: KubernetesVersion,
): readonly ExpressionWarning[] {
  const cluster = { version, catalog, reader };
  const kinds = kindsOf(spec.matchConstraints?.resourceRules ?? [], cluster);
  if (kinds.length === 0) return [];
  const params = spec.paramKind && paramsOf(spec.paramKind, cluster);
  const checker = new (cel().PolicyTypeChecker)({
    kinds: kinds.flatMap((kind) => declaredKind(kind, cluster) ?? []),
    ...(params ? { params } : {}),
    variables: spec.variables ?? [],
  });
  return (spec.validations ?? []).flatMap((validation, i) =>
    (['expression', 'messageExpression'] as const).flatMap((field): ExpressionWarning[] => {
      const expression = validation[field];
      const warning = expression ? checker.check(expression) : undefined;
      return warning === undefined ? [] : [{ fieldRef: `spec.validations[${i}].${field}`, warning }];
    }),
  );
}

function paramsOf({ apiVersion = '', kind = '' }: ParamKind, cluster: Parameters<typeof declaredKind>[1]) {
  const declared = declaredKind({ ...splitApiVersion(apiVersion), kind }, cluster)?.declared;
  return { kind, ...(declared ? { declared } : {}) };
}

// Columns of what only holds configuration: config maps, secrets, quotas, classes, leases, webhooks and policies.
// Behaviour: pkg/printers/internalversion/printers.go, Kubernetes v1.36.3.
import { compareBytes } from '../../../apimachinery/go/json.ts';
import type { KubeObject } from '../../../apimachinery/object.ts';
import type {
  MutatingAdmissionPolicy,
  MutatingWebhookConfiguration,
  ValidatingAdmissionPolicy,
  ValidatingAdmissionPolicyBinding,
} from '../../../schema/generated/types/admissionregistration-v1.ts';
import type { Lease } from '../../../schema/generated/types/coordination-v1.ts';
import type { ConfigMap, ResourceQuota, Secret } from '../../../schema/generated/types/core-v1.ts';
import type { FlowSchema, PriorityLevelConfiguration } from '../../../schema/generated/types/flowcontrol-v1.ts';
import type { RuntimeClass } from '../../../schema/generated/types/node-v1.ts';
import type { PriorityClass } from '../../../schema/generated/types/scheduling-v1.ts';
import type { PodGroup } from '../../../schema/generated/types/scheduling-v1alpha2.ts';
import { ageOf, NONE, tablePrinter, UNSET } from './printer.ts';

export const namedPrinter = tablePrinter<KubeObject>('Name|Age', (object, now) => [
  object.metadata.name ?? '',
  ageOf(object, now),
]);

/** Kinds without columns of their own: the API server says when they were made. */
export const unknownPrinter = tablePrinter<KubeObject>('Name|Created At', ({ metadata }) => [
  metadata.name ?? '',
  metadata.creationTimestamp ?? '',
]);

export const configMapPrinter = tablePrinter<ConfigMap>('Name|Data|Age', (object, now) => [
  object.metadata.name ?? '',
  String(Object.keys(object.data ?? {}).length + Object.keys(object.binaryData ?? {}).length),
  ageOf(object, now),
]);

export const secretPrinter = tablePrinter<Secret>('Name|Type|Data|Age', (object, now) => [
  object.metadata.name ?? '',
  object.type ?? '',
  String(Object.keys(object.data ?? {}).length),
  ageOf(object, now),
]);

export const resourceQuotaPrinter = tablePrinter<ResourceQuota>('Name|Request|Limit|Age', (object, now) => {
  const hard = object.status.hard ?? {};
  const lines = Object.keys(hard)
    .sort(compareBytes)
    .map((resource) => ({
      isLimit: resource.startsWith('limits.'),
      text: `${resource}: ${object.status.used?.[resource] ?? '0'}/${hard[resource]}`,
    }));
  const textOf = (isLimit: boolean): string =>
    lines
      .filter((line) => line.isLimit === isLimit)
      .map(({ text }) => text)
      .join(', ');
  return [object.metadata.name ?? '', textOf(false), textOf(true), ageOf(object, now)];
});

export const priorityClassPrinter = tablePrinter<PriorityClass>(
  'Name|Value|Global-Default|Age|PreemptionPolicy',
  (object, now) => [
    object.metadata.name ?? '',
    object.value,
    object.globalDefault ?? false,
    ageOf(object, now),
    object.preemptionPolicy ?? '',
  ],
);

export const runtimeClassPrinter = tablePrinter<RuntimeClass>('Name|Handler|Age', (object, now) => [
  object.metadata.name ?? '',
  object.handler,
  ageOf(object, now),
]);

export const leasePrinter = tablePrinter<Lease>('Name|Holder|Age', (object, now) => [
  object.metadata.name ?? '',
  object.spec.holderIdentity ?? '',
  ageOf(object, now),
]);

export const webhookPrinter = tablePrinter<MutatingWebhookConfiguration>('Name|Webhooks|Age', (object, now) => [
  object.metadata.name ?? '',
  object.webhooks?.length ?? 0,
  ageOf(object, now),
]);

export const validatingAdmissionPolicyPrinter = tablePrinter<ValidatingAdmissionPolicy>(
  'Name|Validations|ParamKind|Age',
  (object, now) => [
    object.metadata.name ?? '',
    object.spec.validations?.length ?? 0,
    paramKindText(object.spec.paramKind),
    ageOf(object, now),
  ],
);

export const mutatingAdmissionPolicyPrinter = tablePrinter<MutatingAdmissionPolicy>(
  'Name|Mutations|ParamKind|Age',
  (object, now) => [
    object.metadata.name ?? '',
    object.spec.mutations?.length ?? 0,
    paramKindText(object.spec.paramKind),
    ageOf(object, now),
  ],
);

function paramKindText(kind: { readonly apiVersion?: string; readonly kind?: string } | undefined): string {
  return kind ? `${kind.apiVersion ?? ''}/${kind.kind ?? ''}` : UNSET;
}

export const admissionPolicyBindingPrinter = tablePrinter<ValidatingAdmissionPolicyBinding>(
  'Name|PolicyName|ParamRef|Age',
  (object, now) => {
    const parameter = object.spec.paramRef;
    return [
      object.metadata.name ?? '',
      object.spec.policyName ?? '',
      parameter?.name ? `${parameter.namespace || '*'}/${parameter.name}` : UNSET,
      ageOf(object, now),
    ];
  },
);

export const flowSchemaPrinter = tablePrinter<FlowSchema>(
  'Name|PriorityLevel|MatchingPrecedence|DistinguisherMethod|Age|MissingPL',
  (object, now) => [
    object.metadata.name ?? '',
    object.spec.priorityLevelConfiguration.name,
    object.spec.matchingPrecedence ?? 0,
    object.spec.distinguisherMethod?.type ?? NONE,
    ageOf(object, now),
    object.status.conditions?.find(({ type }) => type === 'Dangling')?.status ?? '?',
  ],
);

export const priorityLevelPrinter = tablePrinter<PriorityLevelConfiguration>(
  'Name|Type|NominalConcurrencyShares|Queues|HandSize|QueueLengthLimit|Age',
  (object, now) => {
    const { limited, type } = object.spec;
    const queuing = limited?.limitResponse?.queuing;
    return [
      object.metadata.name ?? '',
      type,
      limited ? (limited.nominalConcurrencyShares ?? 0) : NONE,
      queuing?.queues ?? NONE,
      queuing?.handSize ?? NONE,
      queuing?.queueLengthLimit ?? NONE,
      ageOf(object, now),
    ];
  },
);

export const podGroupPrinter = tablePrinter<PodGroup>('Name|Policy|Workload|Status|Age', (object, now) => {
  const { metadata, spec, status } = object;
  const conditions = new Map((status.conditions ?? []).map((condition) => [condition.type, condition]));
  const scheduled = conditions.get('PodGroupScheduled');
  const stage = !scheduled ? 'Pending' : scheduled.status === 'True' ? 'Scheduled' : 'Unschedulable';
  return [
    metadata.name ?? '',
    spec.schedulingPolicy.gang ? 'Gang' : 'Basic',
    spec.podGroupTemplateRef?.workload?.workloadName ?? NONE,
    conditions.get('DisruptionTarget')?.reason ?? stage,
    ageOf(object, now),
  ];
});

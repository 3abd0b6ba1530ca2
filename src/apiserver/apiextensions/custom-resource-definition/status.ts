// What the server itself writes into the status of a definition: the names it accepts, and that it serves the resource.
// Behaviour: [apiextensions-apiserver]/pkg/controller/status/naming_controller.go,
// pkg/controller/establish/establishing_controller.go, Kubernetes v1.36.3.
// Differs: both controllers act right after the write that they react to, with one write of their own.
import { isConditionTrue } from '../../../apimachinery/conditions.ts';
import { semanticDeepEqual } from '../../../apimachinery/deep-equal.ts';
import { formatTime } from '../../../apimachinery/time/time.ts';
import type {
  CustomResourceDefinition,
  CustomResourceDefinitionCondition,
  CustomResourceDefinitionNames,
} from '../../../schema/generated/types/apiextensions-v1.ts';
import { CUSTOM_RESOURCE_DEFINITIONS } from '../../../schema/resource-names.ts';
import type { StrategyContext } from '../../resource.ts';

const NO_CONFLICTS = 'no conflicts found';
const NOT_ACCEPTED = 'not all names are accepted';
const ACCEPTED = 'the initial names have been accepted';

type Condition = Omit<CustomResourceDefinitionCondition, 'lastTransitionTime'>;

export function isEstablished(crd: CustomResourceDefinition): boolean {
  return isConditionTrue(crd.status.conditions, 'Established');
}

/** The definition with its names accepted where nobody else has them, and established when all are; nothing when it is so already. */
export function established(
  crd: CustomResourceDefinition,
  context: StrategyContext,
): CustomResourceDefinition | undefined {
  if (semanticDeepEqual(crd.spec.names, crd.status.acceptedNames)) return undefined;
  const { names, conflict } = acceptNames(crd, context);
  const accepted: Condition = conflict
    ? { type: 'NamesAccepted', status: 'False', ...conflict }
    : { type: 'NamesAccepted', status: 'True', reason: 'NoConflicts', message: NO_CONFLICTS };
  const isKept = isEstablished(crd) || crd.status.conditions?.some(({ type }) => type === 'Terminating');
  const conditions = [
    accepted,
    ...(isKept
      ? []
      : [
          conflict
            ? { type: 'Established', status: 'False', reason: 'NotAccepted', message: NOT_ACCEPTED }
            : { type: 'Established', status: 'True', reason: 'InitialNamesAccepted', message: ACCEPTED },
        ]),
  ];
  return {
    ...crd,
    status: {
      ...crd.status,
      acceptedNames: names,
      conditions: conditions.reduce(
        (all, condition) => withCondition(all, condition, formatTime(context.now)),
        crd.status.conditions ?? [],
      ),
    },
  };
}

/** Keeps a definition until its custom resources are gone. */
export const CLEANUP_FINALIZER = 'customresourcecleanup.apiextensions.k8s.io';

/** The definition as the first request to delete it leaves it. */
export function startDeletion(
  crd: CustomResourceDefinition,
  { now }: StrategyContext,
): CustomResourceDefinition | undefined {
  const { metadata } = crd;
  if (metadata.deletionTimestamp) return undefined;
  const { finalizers = [] } = metadata;
  const pending = {
    status: 'True',
    reason: 'InstanceDeletionPending',
    message: 'CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon',
  };
  const marked = {
    ...metadata,
    deletionTimestamp: formatTime(now),
    finalizers: finalizers.includes(CLEANUP_FINALIZER) ? finalizers : [...finalizers, CLEANUP_FINALIZER],
  };
  return withTerminating({ ...crd, metadata: marked }, pending, now);
}

export function withTerminating(
  crd: CustomResourceDefinition,
  condition: Omit<Condition, 'type'>,
  now: number,
): CustomResourceDefinition {
  const conditions = withCondition(crd.status.conditions ?? [], { type: 'Terminating', ...condition }, formatTime(now));
  return { ...crd, status: { ...crd.status, conditions } };
}

function withCondition(
  conditions: readonly CustomResourceDefinitionCondition[],
  condition: Condition,
  now: string,
): readonly CustomResourceDefinitionCondition[] {
  const old = conditions.find(({ type }) => type === condition.type);
  const { lastTransitionTime = now } = old?.status === condition.status ? old : {};
  const next = { ...condition, lastTransitionTime };
  return old ? conditions.map((each) => (each === old ? next : each)) : [...conditions, next];
}

interface Accepted {
  readonly names: CustomResourceDefinitionNames;
  readonly conflict: { readonly reason: string; readonly message: string } | undefined;
}

function acceptNames(crd: CustomResourceDefinition, { reader }: StrategyContext): Accepted {
  const wanted = crd.spec.names;
  const own = crd.status.acceptedNames;
  const others = reader
    .list<CustomResourceDefinition>(CUSTOM_RESOURCE_DEFINITIONS)
    .filter(({ metadata, spec }) => spec.group === crd.spec.group && metadata.name !== crd.metadata.name)
    .map(({ status }) => status.acceptedNames);
  const resources = new Set(
    others.flatMap(({ plural, singular = '', shortNames = [] }) => [plural, singular, ...shortNames]),
  );
  const kinds = new Set(others.flatMap(({ kind, listKind = '' }) => [kind, listKind]));
  let conflict: Accepted['conflict'];
  const clash = (reason: string, name: string, ownName: string, used: ReadonlySet<string>): boolean => {
    const isTaken = name !== ownName && used.has(name);
    if (isTaken) conflict = { reason, message: `"${name}" is already in use` };
    return isTaken;
  };
  const hasPlural = !clash('PluralConflict', wanted.plural, own.plural, resources);
  const hasSingular = !clash('SingularConflict', wanted.singular ?? '', own.singular ?? '', resources);
  const taken = (wanted.shortNames ?? []).filter((name) => !own.shortNames?.includes(name) && resources.has(name));
  if (taken.length > 0) {
    const texts = [...new Set(taken)].map((name) => `"${name}" is already in use`);
    conflict = {
      reason: 'ShortNamesConflict',
      message: texts.length === 1 ? (texts[0] ?? '') : `[${texts.join(', ')}]`,
    };
  }
  const hasKind = !clash('KindConflict', wanted.kind, own.kind, kinds);
  const hasListKind = !clash('ListKindConflict', wanted.listKind ?? '', own.listKind ?? '', kinds);
  const names: CustomResourceDefinitionNames = {
    plural: hasPlural ? wanted.plural : own.plural,
    ...optional('singular', hasSingular ? wanted.singular : own.singular),
    ...optional('shortNames', taken.length > 0 ? own.shortNames : wanted.shortNames),
    kind: hasKind ? wanted.kind : own.kind,
    ...optional('listKind', hasListKind ? wanted.listKind : own.listKind),
    ...optional('categories', wanted.categories),
  };
  return { names, conflict };
}

function optional<K extends string, T>(key: K, value: T | undefined): { readonly [P in K]?: T } {
  // The key given is the only one.
  return (value === undefined ? {} : { [key]: value }) as { readonly [P in K]?: T };
}

// How Namespaces are created, finalized and deleted: deletion first turns them Terminating.
// Behaviour: pkg/registry/core/namespace/{strategy.go,storage/storage.go}, Kubernetes v1.36.3.
// Differs: a deletion that asks for foreground or orphaning adds no finalizer to metadata (nobody would act on it).
import { formatTime } from '../../../apimachinery/time/time.ts';
import { validateNamespaceName } from '../../../apimachinery/validation/object-meta.ts';
import type { Namespace } from '../../../schema/generated/types/core-v1.ts';
import type { Resource, StrategyContext } from '../../resource.ts';
import { validateNamespace, validateNamespaceFinalizers, validateNamespaceStatus } from './validation.ts';

const FINALIZER_KUBERNETES = 'kubernetes';
const LABEL_METADATA_NAME = 'kubernetes.io/metadata.name';

export const namespaceResource: Resource<Namespace> = {
  group: '',
  version: 'v1',
  kind: 'Namespace',
  plural: 'namespaces',
  singular: 'namespace',
  namespaced: false,
  shortNames: ['ns'],
  strategy: {
    allowUnconditionalUpdate: true,
    validateName: validateNamespaceName,
    applyDefaults,
    prepareForCreate,
    validate: validateNamespace,
    prepareForUpdate: (namespace, old) => ({
      ...namespace,
      spec: withFinalizers(namespace.spec, old.spec.finalizers),
      status: old.status,
    }),
    validateUpdate: validateNamespace,
    canonicalize: withNameLabel,
    startDeletion,
    mayDeleteDuringUpdate: ({ spec }) => (spec.finalizers?.length ?? 0) === 0,
  },
  subresources: {
    status: {
      prepareForUpdate: (namespace, old) => ({ ...namespace, spec: old.spec }),
      validateUpdate: validateNamespaceStatus,
      canonicalize: withNameLabel,
    },
    finalize: {
      prepareForUpdate: (namespace, old) => ({ ...namespace, status: old.status }),
      validateUpdate: validateNamespaceFinalizers,
      canonicalize: withNameLabel,
    },
  },
};

function applyDefaults(namespace: Namespace): Namespace {
  const labelled = namespace.metadata.name ? withNameLabel(namespace) : namespace;
  if (labelled.status.phase) return labelled;
  return { ...labelled, status: { phase: 'Active', ...labelled.status } };
}

/** The name of a namespace is a label too; a generated one is only known once it is stored. */
function withNameLabel(namespace: Namespace): Namespace {
  const { name = '', labels } = namespace.metadata;
  if (labels?.[LABEL_METADATA_NAME] === name) return namespace;
  return { ...namespace, metadata: { ...namespace.metadata, labels: { ...labels, [LABEL_METADATA_NAME]: name } } };
}

function prepareForCreate(namespace: Namespace): Namespace {
  const { finalizers = [] } = namespace.spec;
  const spec = finalizers.includes(FINALIZER_KUBERNETES)
    ? namespace.spec
    : { ...namespace.spec, finalizers: [...finalizers, FINALIZER_KUBERNETES] };
  return { ...namespace, spec, status: { phase: 'Active' } };
}

function withFinalizers(spec: Namespace['spec'], finalizers: readonly string[] | undefined): Namespace['spec'] {
  const { finalizers: _, ...rest } = spec;
  return finalizers ? { ...rest, finalizers } : rest;
}

/** Undefined when nothing holds the namespace any more, so that it goes. */
function startDeletion(namespace: Namespace, { now }: StrategyContext): Namespace | undefined {
  const { metadata, spec, status } = namespace;
  if (metadata.deletionTimestamp) return (spec.finalizers?.length ?? 0) > 0 ? namespace : undefined;
  return {
    ...namespace,
    metadata: { ...metadata, deletionTimestamp: formatTime(now) },
    status: { ...status, phase: 'Terminating' },
  };
}

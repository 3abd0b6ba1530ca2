// How Ingresses are created and updated.
// Behaviour: pkg/registry/networking/ingress/strategy.go, Kubernetes v1.36.3.
import { semanticDeepEqual } from '../../../apimachinery/deep-equal.ts';
import { FieldPath } from '../../../apimachinery/field-path.ts';
import { goQuote } from '../../../apimachinery/go/quote.ts';
import { warningsForIp } from '../../../apimachinery/validation/ip.ts';
import { INGRESS_CLASS } from '../../../apimachinery/well-known/annotations.ts';
import type { Ingress } from '../../../schema/generated/types/networking-v1.ts';
import type { Resource } from '../../resource.ts';
import { withGeneration, withNextGeneration } from '../../strategies/generation.ts';
import { validateIngress, validateIngressStatus, validateIngressUpdate } from './validation.ts';

const ANNOTATION_DEPRECATED = `annotation ${goQuote(INGRESS_CLASS)} is deprecated, please use 'spec.ingressClassName' instead`;

export const ingressResource: Resource<Ingress> = {
  group: 'networking.k8s.io',
  version: 'v1',
  kind: 'Ingress',
  plural: 'ingresses',
  singular: 'ingress',
  namespaced: true,
  shortNames: ['ing'],
  strategy: {
    allowUnconditionalUpdate: true,
    prepareForCreate: (ingress) => withGeneration({ ...ingress, status: { loadBalancer: {} } }, 1),
    validate: validateIngress,
    warningsOnCreate: ({ metadata, spec }) =>
      metadata.annotations?.[INGRESS_CLASS] !== undefined && spec.ingressClassName === undefined
        ? [ANNOTATION_DEPRECATED]
        : [],
    prepareForUpdate,
    validateUpdate: validateIngressUpdate,
  },
  subresources: {
    status: {
      prepareForUpdate: (ingress, old) => ({ ...ingress, spec: old.spec }),
      validateUpdate: validateIngressStatus,
      warningsOnUpdate: statusWarnings,
    },
  },
};

function prepareForUpdate(given: Ingress, old: Ingress): Ingress {
  const ingress = { ...given, status: old.status };
  return semanticDeepEqual(ingress.spec, old.spec) ? ingress : withNextGeneration(ingress, old);
}

function statusWarnings({ status }: Ingress): readonly string[] {
  const path = FieldPath.of('status', 'loadBalancer', 'ingress');
  return (status.loadBalancer.ingress ?? []).flatMap(({ ip }, i) => (ip ? warningsForIp(path.index(i), ip) : []));
}

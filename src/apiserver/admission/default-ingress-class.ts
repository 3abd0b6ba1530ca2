// An Ingress that names no class gets the default one.
// Behaviour: plugin/pkg/admission/network/defaultingressclass/admission.go, Kubernetes v1.36.3.
import { INGRESS_CLASS } from '../../apimachinery/well-known/annotations.ts';
import type { Ingress, IngressClass } from '../../schema/generated/types/networking-v1.ts';
import type { AdmissionPlugin } from './chain/plugin.ts';
import { subjectOf } from './chain/subject.ts';
import { newestDefault } from './default-class.ts';

const GROUP = 'networking.k8s.io';
const IS_DEFAULT = ['ingressclass.kubernetes.io/is-default-class'];

export const defaultIngressClass: AdmissionPlugin = {
  name: 'DefaultIngressClass',
  operations: ['CREATE'],
  resources: ['ingresses.networking.k8s.io'],
  mutate(attributes, { reader }) {
    const ingress = subjectOf<Ingress>(attributes, { plural: 'ingresses', group: GROUP });
    if (!ingress || ingress.spec.ingressClassName !== undefined) return undefined;
    if (ingress.metadata.annotations?.[INGRESS_CLASS] !== undefined) return undefined;
    const chosen = newestDefault(reader.list<IngressClass>(`ingressclasses.${GROUP}`), IS_DEFAULT);
    if (!chosen) return undefined;
    return { ...ingress, spec: { ...ingress.spec, ingressClassName: chosen.metadata.name ?? '' } };
  },
};

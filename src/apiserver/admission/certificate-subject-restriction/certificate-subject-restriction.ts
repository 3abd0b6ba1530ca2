// Nobody gets a client certificate of the group system:masters, which no authorization stops.
// Behaviour: plugin/pkg/admission/certificates/subjectrestriction/admission.go, Kubernetes v1.36.3.
import type { CertificateSigningRequest } from '../../../schema/generated/types/certificates-v1.ts';
import type { AdmissionPlugin } from '../chain/plugin.ts';
import { forbid } from '../chain/refusal.ts';
import { subjectOf } from '../chain/subject.ts';
import { organizationsOf } from './request-subject.ts';

const NAME = 'CertificateSubjectRestriction';
const CLIENT_SIGNER = 'kubernetes.io/kube-apiserver-client';
const MASTERS = 'system:masters';
const NOT_ALLOWED = `use of ${CLIENT_SIGNER} signer with ${MASTERS} group is not allowed`;

export const certificateSubjectRestriction: AdmissionPlugin = {
  name: NAME,
  operations: ['CREATE'],
  resources: ['certificatesigningrequests.certificates.k8s.io'],
  validate(attributes) {
    const wanted = { plural: 'certificatesigningrequests', group: 'certificates.k8s.io' };
    const request = subjectOf<CertificateSigningRequest>(attributes, wanted);
    if (request?.spec.signerName !== CLIENT_SIGNER) return undefined;
    // Validation has refused before what is no certificate request.
    const isMaster = organizationsOf(request.spec.request ?? '').includes(MASTERS);
    return isMaster ? forbid(attributes, NOT_ALLOWED, NAME) : undefined;
  },
};

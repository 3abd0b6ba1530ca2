// The resources of certificates.k8s.io.
import type { Resource } from '../resource.ts';
import { certificateSigningRequestResource } from './certificate-signing-request/strategy.ts';

export const certificatesResources: readonly Resource[] = [certificateSigningRequestResource];

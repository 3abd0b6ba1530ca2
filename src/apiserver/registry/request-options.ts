// The options of a request as they would be on the wire, for policies that look at them.
// Behaviour: [apimachinery]/pkg/apis/meta/v1/types.go (CreateOptions, UpdateOptions, DeleteOptions), [apiserver]/pkg/endpoints/handlers,
// Kubernetes v1.36.3.
import type { JsonMap } from '../../apimachinery/json.ts';
import type { AdmissionOperation } from '../admission/chain/plugin.ts';
import type { WriteRequest } from '../request.ts';

const KINDS: Readonly<Record<AdmissionOperation, string>> = {
  CREATE: 'CreateOptions',
  UPDATE: 'UpdateOptions',
  DELETE: 'DeleteOptions',
  CONNECT: 'CreateOptions',
};

export type OptionsOf = Partial<Pick<WriteRequest, 'dryRun' | 'fieldManager'>> & {
  readonly fieldValidation?: string;
  readonly propagationPolicy?: string;
  readonly gracePeriodSeconds?: number;
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
};

export function requestOptions(request: OptionsOf, operation: AdmissionOperation): JsonMap {
  const { dryRun, fieldManager, fieldValidation, propagationPolicy, gracePeriodSeconds, preconditions } = request;
  const head = {
    kind: KINDS[operation],
    apiVersion: 'meta.k8s.io/v1',
    ...(dryRun ? { dryRun: ['All'] } : {}),
  };
  if (operation === 'DELETE')
    return {
      ...head,
      ...(gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds }),
      ...(preconditions ? { preconditions: { ...preconditions } } : {}),
      ...(propagationPolicy === undefined ? {} : { propagationPolicy }),
    };
  return {
    ...head,
    ...(fieldManager === undefined ? {} : { fieldManager }),
    ...(fieldValidation === undefined ? {} : { fieldValidation }),
  };
}

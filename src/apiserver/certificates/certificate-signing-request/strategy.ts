// How CertificateSigningRequests are created, approved and answered.
// Behaviour: pkg/registry/certificates/certificates/strategy.go, Kubernetes v1.36.3.
import { formatTime } from '../../../apimachinery/time/time.ts';
import type {
  CertificateSigningRequest,
  CertificateSigningRequestCondition,
  CertificateSigningRequestStatus,
} from '../../../schema/generated/types/certificates-v1.ts';
import type { Resource, StrategyContext } from '../../resource.ts';
import { validateRequest, validateRequestUpdate } from './validation.ts';

type Request = CertificateSigningRequest;
type Conditions = readonly CertificateSigningRequestCondition[];

export const certificateSigningRequestResource: Resource<Request> = {
  group: 'certificates.k8s.io',
  version: 'v1',
  kind: 'CertificateSigningRequest',
  plural: 'certificatesigningrequests',
  singular: 'certificatesigningrequest',
  namespaced: false,
  shortNames: ['csr'],
  strategy: {
    allowUnconditionalUpdate: true,
    // Any name will do.
    validateName: () => [],
    prepareForCreate,
    validate: (request) => validateRequest(request),
    prepareForUpdate: (request, old) => ({ ...request, spec: old.spec, status: old.status }),
    validateUpdate: (request, old) => validateRequestUpdate(request, old, 'main'),
  },
  subresources: {
    status: {
      prepareForUpdate: prepareForStatusUpdate,
      validateUpdate: (request, old) => validateRequestUpdate(request, old, 'status'),
    },
    approval: {
      prepareForUpdate: prepareForApproval,
      validateUpdate: (request, old) => validateRequestUpdate(request, old, 'approval'),
    },
  },
};

/** The request is of the user who makes it, whoever it says. */
function prepareForCreate(request: Request, { user }: StrategyContext): Request {
  const { username: _1, uid: _2, groups: _3, extra: _4, ...spec } = request.spec;
  return {
    ...request,
    spec: {
      ...spec,
      username: user.name,
      ...(user.uid ? { uid: user.uid } : {}),
      ...(user.groups.length > 0 ? { groups: user.groups } : {}),
    },
    status: {},
  };
}

function withConditions(status: CertificateSigningRequestStatus, conditions: Conditions) {
  const { conditions: _, ...rest } = status;
  return conditions.length > 0 ? { ...rest, conditions } : rest;
}

/** Whoever signs may not decide: the decisions stay as they are. */
function prepareForStatusUpdate(request: Request, old: Request, context: StrategyContext): Request {
  const oldConditions = old.status.conditions ?? [];
  let conditions = request.status.conditions ?? [];
  for (const type of ['Approved', 'Denied']) conditions = withInstancesOf(type, conditions, oldConditions);
  return {
    ...request,
    spec: old.spec,
    status: withConditions(request.status, withTimes(conditions, oldConditions, context.now)),
  };
}

function withInstancesOf(type: string, conditions: Conditions, old: Conditions): Conditions {
  const kept = old.filter((condition) => condition.type === type);
  if (kept.length !== conditions.filter((condition) => condition.type === type).length) return conditions;
  let next = 0;
  return conditions.map((condition) => (condition.type === type ? (kept[next++] ?? condition) : condition));
}

function prepareForApproval(request: Request, old: Request, context: StrategyContext): Request {
  const conditions = withTimes(request.status.conditions ?? [], old.status.conditions ?? [], context.now);
  return { ...request, spec: old.spec, status: withConditions(old.status, conditions) };
}

function withTimes(conditions: Conditions, old: Conditions, millis: number): Conditions {
  const now = formatTime(millis);
  return conditions.map((condition) => {
    const before = old.find(
      ({ type, status, lastTransitionTime }) =>
        type === condition.type && status === condition.status && lastTransitionTime !== undefined,
    );
    return {
      ...condition,
      lastUpdateTime: condition.lastUpdateTime ?? now,
      lastTransitionTime: condition.lastTransitionTime ?? before?.lastTransitionTime ?? now,
    };
  });
}

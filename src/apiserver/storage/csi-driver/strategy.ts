// How CSIDrivers are created and updated.
// Behaviour: pkg/registry/storage/csidriver/strategy.go, pkg/apis/storage/{v1/defaults,validation/validation}.go, Kubernetes v1.36.3.
import { semanticDeepEqual } from '../../../apimachinery/deep-equal.ts';
import {
  duplicate,
  type FieldError,
  invalid,
  namedString,
  notSupported,
  required,
} from '../../../apimachinery/field-error.ts';
import { FieldPath } from '../../../apimachinery/field-path.ts';
import { FIELD_IMMUTABLE } from '../../../apimachinery/validation/object-meta.ts';
import { shownField } from '../../../schema/decode/given-empty.ts';
import type { CSIDriver, CSIDriverSpec, TokenRequest } from '../../../schema/generated/types/storage-v1.ts';
import type { FeatureGates, Resource, StrategyContext } from '../../resource.ts';
import { withNextGeneration } from '../../strategies/generation.ts';

const TOKENS_IN_SECRETS_RECOMMENDED =
  'spec.serviceAccountTokenInSecrets is unset; if supported by this CSI driver, set to true to prevent possible logging of tokens in volume attributes';
const TOO_SHORT = 'may not specify a duration less than 10 minutes';
const TOO_LONG = 'may not specify a duration larger than 2^32 seconds';
const PERIOD_TOO_SHORT = 'must be greater than or equal to 10 seconds';
const NO_TOKENS = 'serviceAccountTokenInSecrets is set but no tokenRequests are specified';

const MIN_EXPIRATION_SECONDS = 600;
const MAX_EXPIRATION_SECONDS = 2 ** 32;
const MIN_UPDATE_PERIOD_SECONDS = 10;

const SPEC = FieldPath.of('spec');
/** The path is upstream's, the field has another name. */
const ATTACH_REQUIRED = SPEC.child('attachedRequired');

const fsGroupPolicies = ['File', 'None', 'ReadWriteOnceWithFSType'];
const lifecycleModes = ['Persistent', 'Ephemeral'];

/** Fields that come and go with a gate. */
const gatedFields = [
  ['seLinuxMount', 'SELinuxMountReadWriteOncePod'],
  ['nodeAllocatableUpdatePeriodSeconds', 'MutableCSINodeAllocatableCount'],
  ['serviceAccountTokenInSecrets', 'CSIServiceAccountTokenSecrets'],
  ['preventPodSchedulingIfMissing', 'VolumeLimitScaling'],
] as const satisfies readonly (readonly [field: keyof CSIDriverSpec, gate: string])[];

export const csiDriverResource: Resource<CSIDriver> = {
  group: 'storage.k8s.io',
  version: 'v1',
  kind: 'CSIDriver',
  plural: 'csidrivers',
  singular: 'csidriver',
  namespaced: false,
  strategy: {
    applyDefaults: (driver, { features }) => ({ ...driver, spec: defaultSpec(driver.spec, features) }),
    prepareForCreate: (driver, { features }) => ({
      ...driver,
      spec: withEnabledFields(driver.spec, undefined, features),
    }),
    validate: ({ spec }, { features }) => validateSpec(spec, features),
    warningsOnCreate: ({ spec }) => tokenWarnings(spec),
    prepareForUpdate,
    validateUpdate: (driver, old, { features }) => [
      ...validateSpec(driver.spec, features),
      ...validateUnchanged(driver.spec, old.spec),
    ],
    warningsOnUpdate: ({ spec }, old) =>
      semanticDeepEqual(spec.tokenRequests, old.spec.tokenRequests) ? [] : tokenWarnings(spec),
  },
};

function defaultSpec(spec: CSIDriverSpec, features: FeatureGates): CSIDriverSpec {
  return {
    attachRequired: true,
    podInfoOnMount: false,
    storageCapacity: false,
    fsGroupPolicy: 'ReadWriteOnceWithFSType',
    volumeLifecycleModes: ['Persistent'],
    requiresRepublish: false,
    ...(features.isEnabled('SELinuxMountReadWriteOncePod') ? { seLinuxMount: false } : {}),
    ...(features.isEnabled('VolumeLimitScaling') ? { preventPodSchedulingIfMissing: false } : {}),
    ...spec,
  };
}

function withEnabledFields(spec: CSIDriverSpec, old: CSIDriverSpec | undefined, features: FeatureGates): CSIDriverSpec {
  const next: Record<string, unknown> = { ...spec };
  for (const [field, gate] of gatedFields) {
    if (old?.[field] === undefined && !features.isEnabled(gate)) delete next[field];
  }
  // Some optional fields are gone.
  return next as CSIDriverSpec;
}

function prepareForUpdate(given: CSIDriver, old: CSIDriver, { features }: StrategyContext): CSIDriver {
  const driver = { ...given, spec: withEnabledFields(given.spec, old.spec, features) };
  return semanticDeepEqual(driver.spec, old.spec) ? driver : withNextGeneration(driver, old);
}

function tokenWarnings({ tokenRequests, serviceAccountTokenInSecrets }: CSIDriverSpec): readonly string[] {
  const isRecommended = (tokenRequests?.length ?? 0) > 0 && serviceAccountTokenInSecrets === undefined;
  return isRecommended ? [TOKENS_IN_SECRETS_RECOMMENDED] : [];
}

function validateSpec(spec: CSIDriverSpec, features: FeatureGates): FieldError[] {
  const errors: FieldError[] = [];
  const need = (field: keyof CSIDriverSpec, path = SPEC.child(field)) => {
    if (spec[field] === undefined) errors.push(required(path, ''));
  };
  need('attachRequired', ATTACH_REQUIRED);
  need('podInfoOnMount');
  need('storageCapacity');
  const { fsGroupPolicy, tokenRequests = [], nodeAllocatableUpdatePeriodSeconds: period } = spec;
  if (fsGroupPolicy !== undefined && !fsGroupPolicies.includes(fsGroupPolicy)) {
    errors.push(notSupported(SPEC.child('fsGroupPolicy'), namedString(fsGroupPolicy), fsGroupPolicies));
  }
  validateTokenRequests(tokenRequests, SPEC.child('tokenRequests'), errors);
  for (const mode of spec.volumeLifecycleModes ?? []) {
    if (!lifecycleModes.includes(mode)) {
      errors.push(notSupported(SPEC.child('volumeLifecycleModes'), namedString(mode), lifecycleModes));
    }
  }
  if (features.isEnabled('SELinuxMountReadWriteOncePod')) need('seLinuxMount');
  if (period !== undefined && period < MIN_UPDATE_PERIOD_SECONDS) {
    errors.push(invalid(SPEC.child('nodeAllocatableUpdatePeriodSeconds'), period, PERIOD_TOO_SHORT));
  }
  if (spec.serviceAccountTokenInSecrets !== undefined && tokenRequests.length === 0) {
    const path = SPEC.child('serviceAccountTokenInSecrets');
    errors.push(invalid(path, spec.serviceAccountTokenInSecrets, NO_TOKENS));
  }
  if (features.isEnabled('VolumeLimitScaling')) need('preventPodSchedulingIfMissing');
  return errors;
}

function validateTokenRequests(requests: readonly TokenRequest[], path: FieldPath, errors: FieldError[]): void {
  const audiences = new Set<string>();
  requests.forEach(({ audience = '', expirationSeconds: seconds }, i) => {
    const requestPath = path.index(i);
    if (audiences.has(audience)) {
      errors.push(duplicate(requestPath.child('audience'), audience));
      return;
    }
    audiences.add(audience);
    if (seconds === undefined) return;
    const secondsPath = requestPath.child('expirationSeconds');
    if (seconds < MIN_EXPIRATION_SECONDS) errors.push(invalid(secondsPath, seconds, TOO_SHORT));
    if (seconds > MAX_EXPIRATION_SECONDS) errors.push(invalid(secondsPath, seconds, TOO_LONG));
  });
}

function validateUnchanged(spec: CSIDriverSpec, old: CSIDriverSpec): readonly FieldError[] {
  const { attachRequired, volumeLifecycleModes: modes } = spec;
  return [
    ...(attachRequired === old.attachRequired
      ? []
      : [invalid(ATTACH_REQUIRED, attachRequired ?? null, FIELD_IMMUTABLE)]),
    ...(semanticDeepEqual(modes, old.volumeLifecycleModes)
      ? []
      : [invalid(SPEC.child('volumeLifecycleModes'), shownField(spec, 'volumeLifecycleModes'), FIELD_IMMUTABLE)]),
  ];
}

// Containers keep the runtime's seccomp profile or one from the node; restricted, they must say so.
// Behaviour: [pod-security-admission]/policy/check_seccompProfile_{baseline,restricted}.go, Kubernetes v1.36.3.
import { goQuote } from '../../../../apimachinery/go/quote.ts';
import { SECCOMP_CONTAINER_PREFIX, SECCOMP_POD } from '../../../../apimachinery/well-known/annotations.ts';
import type { SeccompProfile } from '../../../../schema/generated/types/core-v1.ts';
import { visitContainers } from '../../../core/pod-spec/visit-containers.ts';
import {
  type Check,
  type CheckPod,
  containersText,
  containersWhere,
  exceptOnWindows,
  joinQuoted,
  plural,
  settersText,
  sorted,
} from '../check.ts';

const REASON = 'seccompProfile';
const MUST_SET = 'must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost"';

/** Before 1.19 profiles were told in annotations. */
const annotationsAllowed: CheckPod = (spec, { annotations = {} }) => {
  const keys = [SECCOMP_POD];
  visitContainers(spec, ({ name }) => void keys.push(SECCOMP_CONTAINER_PREFIX + name));
  const forbidden = sorted(
    keys.flatMap((key) => {
      const value = annotations[key];
      return value === undefined || isAllowedAnnotation(value) ? [] : [`${key}=${goQuote(value)}`];
    }),
  );
  if (forbidden.length === 0) return undefined;
  return { reason: REASON, detail: `forbidden ${plural('annotation', forbidden)} ${forbidden.join(', ')}` };
};

const profilesAllowed: CheckPod = (spec) => {
  const ofPod = spec.securityContext?.seccompProfile;
  const isPodBad = ofPod !== undefined && !isAllowed(ofPod);
  const types = isPodBad ? [ofPod.type] : [];
  const containers: string[] = [];
  visitContainers(spec, ({ name, securityContext }) => {
    const profile = securityContext?.seccompProfile;
    if (!profile || isAllowed(profile)) return;
    containers.push(name);
    types.push(profile.type);
  });
  const setters = settersText(isPodBad, containers);
  if (!setters) return undefined;
  const values = joinQuoted(sorted(types));
  return { reason: REASON, detail: `${setters} must not set securityContext.seccompProfile.type to ${values}` };
};

const profilesRequired: CheckPod = (spec, metadata) => {
  const wrong = profilesAllowed(spec, metadata);
  if (wrong || spec.securityContext?.seccompProfile) return wrong;
  const silent = containersWhere(spec, ({ securityContext }) => !securityContext?.seccompProfile);
  return silent.length === 0 ? undefined : { reason: REASON, detail: `pod or ${containersText(silent)} ${MUST_SET}` };
};

function isAllowed({ type }: SeccompProfile): boolean {
  return type === 'Localhost' || type === 'RuntimeDefault';
}

function isAllowedAnnotation(value: string): boolean {
  return value === 'runtime/default' || value === 'docker/default' || value.startsWith('localhost/');
}

export const seccompProfileBaseline: Check = {
  id: 'seccompProfile_baseline',
  level: 'baseline',
  versions: [
    { since: 0, check: annotationsAllowed },
    { since: 19, check: profilesAllowed },
  ],
};

export const seccompProfileRestricted: Check = {
  id: 'seccompProfile_restricted',
  level: 'restricted',
  overrides: [seccompProfileBaseline.id],
  versions: [
    { since: 19, check: profilesRequired },
    { since: 25, check: exceptOnWindows(profilesRequired) },
  ],
};

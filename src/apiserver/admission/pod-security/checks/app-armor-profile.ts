// Containers keep the runtime's AppArmor profile or one that is loaded on the node.
// Behaviour: [pod-security-admission]/policy/check_appArmorProfile.go, Kubernetes v1.36.3.
import { goQuote } from '../../../../apimachinery/go/quote.ts';
import { APP_ARMOR_CONTAINER_PREFIX } from '../../../../apimachinery/well-known/annotations.ts';
import type { AppArmorProfile } from '../../../../schema/generated/types/core-v1.ts';
import { visitContainers } from '../../../core/pod-spec/visit-containers.ts';
import { type Check, type CheckPod, containersText, joinQuoted, plural, sorted } from '../check.ts';

const check: CheckPod = (spec, { annotations = {} }) => {
  const setters: string[] = [];
  const types: string[] = [];
  const ofPod = forbiddenType(spec.securityContext?.appArmorProfile);
  if (ofPod !== undefined) {
    setters.push('pod');
    types.push(ofPod);
  }
  const containers: string[] = [];
  visitContainers(spec, ({ name, securityContext }) => {
    const type = forbiddenType(securityContext?.appArmorProfile);
    if (type === undefined) return;
    containers.push(name);
    types.push(type);
  });
  if (containers.length > 0) setters.push(containersText(containers));
  const annotated = sorted(
    Object.entries(annotations)
      .filter(([key, value]) => key.startsWith(APP_ARMOR_CONTAINER_PREFIX) && !isAllowedAnnotation(value))
      .map(([key, value]) => `${key}=${goQuote(value)}`),
  );
  if (annotated.length > 0) setters.push(plural('annotation', annotated));
  if (setters.length === 0) return undefined;
  const values = [...sorted(types), ...annotated];
  return {
    reason: plural('forbidden AppArmor profile', values),
    detail: `${setters.join(' and ')} must not set AppArmor profile type to ${joinQuoted(values)}`,
  };
};

function forbiddenType(profile: AppArmorProfile | undefined): string | undefined {
  return profile && profile.type !== 'RuntimeDefault' && profile.type !== 'Localhost' ? profile.type : undefined;
}

function isAllowedAnnotation(value: string): boolean {
  return value === '' || value === 'runtime/default' || value.startsWith('localhost/');
}

export const appArmorProfile: Check = { id: 'appArmorProfile', level: 'baseline', versions: [{ since: 0, check }] };

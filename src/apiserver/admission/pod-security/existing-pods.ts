// What a stricter level of a namespace would say of the pods that are there: they stay, but somebody should know.
// Behaviour: [pod-security-admission]/admission/admission.go (EvaluatePodsInNamespace), Kubernetes v1.36.3.
import { goQuote } from '../../../apimachinery/go/quote.ts';
import { controllerOf } from '../../../apimachinery/owner-references.ts';
import type { Pod } from '../../../schema/generated/types/core-v1.ts';
import type { ClusterReader } from '../../cluster-reader.ts';
import { reasonsText, violations } from './evaluate.ts';
import { type LevelVersion, levelVersionText } from './policy.ts';

const MAX_PODS = 3000;

export function existingPodWarnings(
  namespace: string,
  enforce: LevelVersion,
  reader: ClusterReader,
  newest: number,
): readonly string[] {
  const pods = onePerControllerFirst(reader.list<Pod>('pods', namespace));
  const checked = pods.slice(0, MAX_PODS);
  const names = new Map<string, string[]>();
  for (const { metadata, spec } of checked) {
    const found = violations(enforce, spec, metadata, newest);
    if (found.length === 0) continue;
    const reasons = reasonsText(found);
    const same = names.get(reasons) ?? [];
    same.push(metadata.name ?? '');
    names.set(reasons, same);
  }
  const warnings: string[] = [];
  if (checked.length < pods.length)
    warnings.push(
      `new PodSecurity enforce level only checked against the first ${checked.length} of ${pods.length} existing pods`,
    );
  if (names.size > 0) {
    const level = goQuote(levelVersionText(enforce));
    warnings.push(
      `existing pods in namespace ${goQuote(namespace)} violate the new PodSecurity enforce level ${level}`,
    );
  }
  return [...warnings, ...[...names].map(([reasons, same]) => `${podsText(same)}: ${reasons}`).sort()];
}

/** Pods of one controller are alike: all but its first come last. */
function onePerControllerFirst(pods: readonly Pod[]): readonly Pod[] {
  const seen = new Set<string>();
  const first: Pod[] = [];
  const others: Pod[] = [];
  for (const pod of pods) {
    const uid = controllerOf(pod)?.uid;
    (uid !== undefined && seen.has(uid) ? others : first).push(pod);
    if (uid !== undefined) seen.add(uid);
  }
  return [...first, ...others];
}

function podsText(names: readonly string[]): string {
  const [first = ''] = [...names].sort();
  if (names.length === 1) return first;
  return names.length === 2 ? `${first} (and 1 other pod)` : `${first} (and ${names.length - 1} other pods)`;
}

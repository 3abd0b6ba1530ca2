// What the subcommands of `kubectl set` have in common: each makes one change to the objects it is given.
// Behaviour: staging/src/k8s.io/kubectl/pkg/cmd/set, Kubernetes v1.36.3.
import type { Found } from '../../select-objects.ts';
import { type MutableJson, podSpecOf } from '../mutated-patch.ts';

/** What one subcommand changes. */
export interface Setter {
  /** Arguments that name objects. */
  readonly words: readonly string[];
  readonly operation: string;
  readonly failure: string;
  /** Throws where the flags do not fit what was found. */
  check?(found: readonly Found[]): void;
  /** Changes the object and answers its complaints. */
  change(object: MutableJson, found: Found): readonly string[];
  /** Whether a patch is sent that changes nothing. */
  readonly sendsNothingToo?: boolean;
  /** Whether nothing is sent: the command only shows. */
  readonly onlyShows?: boolean;
}

/** What a subcommand on pod templates changes. */
interface PodSetter extends Omit<Setter, 'change'> {
  /** Changes the pod spec and answers its complaints. */
  change(spec: MutableJson, found: Found, object: MutableJson): readonly string[];
}

/** Throws KubectlError where an object has no pod template. */
export function onPodSpecs(setter: PodSetter): Setter {
  const change: Setter['change'] = (object, found) => setter.change(podSpecOf(object, found.resource), found, object);
  return { ...setter, change };
}

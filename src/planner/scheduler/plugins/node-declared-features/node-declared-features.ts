// Keeps pods that use a feature which nodes declare off nodes that do not declare it.
// Behaviour: pkg/scheduler/framework/plugins/nodedeclaredfeatures, component-helpers/nodedeclaredfeatures/features, Kubernetes v1.36.3.
import { semanticDeepEqual } from '../../../../apimachinery/deep-equal.ts';
import type { Container, Node, Pod, PodSpec } from '../../../../schema/generated/types/core-v1.ts';
import { stateKey } from '../../framework/cycle-state.ts';
import type { FilterPlugin, PreFilterPlugin } from '../../framework/plugin.ts';
import { SKIP, unschedulableAndUnresolvable } from '../../framework/status.ts';

const ERR_REASON_UNSATISFIED = "node(s) didn't match Pod's required features";

const UNSATISFIED = unschedulableAndUnresolvable(ERR_REASON_UNSATISFIED);

const preFilterState = stateKey<readonly string[]>('PreFilterNodeDeclaredFeatures');

export const nodeDeclaredFeatures = {
  name: 'NodeDeclaredFeatures',
  eventsToRegister: [
    {
      resource: 'Node',
      actions: ['Add', 'UpdateNodeDeclaredFeature'],
      hint: (_pod, previous, object) => {
        const [before, after] = [previous as Node | undefined, object as Node]; // events of nodes carry nodes
        return (
          !before || !semanticDeepEqual(before.status?.declaredFeatures ?? [], after.status?.declaredFeatures ?? [])
        );
      },
    },
    {
      resource: 'Pod',
      actions: ['Update'],
      hint: (pod, previous, object) => {
        const [before, after] = [previous as Pod, object as Pod]; // events of pods carry pods
        return (
          after.metadata.uid === pod.metadata.uid &&
          !semanticDeepEqual(requiredFeatures(before.spec), requiredFeatures(after.spec))
        );
      },
    },
  ],
  preFilter(state, { spec }) {
    const required = requiredFeatures(spec);
    if (required.length === 0) return { status: SKIP };
    state.write(preFilterState, required);
    return undefined;
  },
  filter(state, _pod, { declaredFeatures }) {
    return state.read(preFilterState)?.every((name) => declaredFeatures.has(name)) === false ? UNSATISFIED : undefined;
  },
} satisfies PreFilterPlugin & FilterPlugin;

/** Declared features that matter when a pod is placed; others only matter when it is resized. */
export function requiredFeatures({
  containers = [],
  initContainers = [],
  hostNetwork,
  hostUsers,
}: PodSpec): readonly string[] {
  const required: string[] = [];
  if (containers.some(restartsAllContainers) || initContainers.some(restartsAllContainers))
    required.push('RestartAllContainersOnContainerExits');
  if (hostNetwork && hostUsers === false) required.push('UserNamespacesHostNetworkSupport');
  return required;
}

function restartsAllContainers({ restartPolicyRules = [] }: Container): boolean {
  return restartPolicyRules.some(({ action }) => action === 'RestartAllContainers');
}

// Allocates devices for a pod's resource claims.
// Behaviour: pkg/scheduler/framework/plugins/dynamicresources, Kubernetes v1.36.3.
// Differs: so far only pods without claims are decided; a pod with claims is rejected with a sentence that says so.
import { stateKey } from '../../framework/cycle-state.ts';
import type { FilterPlugin, PostFilterPlugin, PreFilterPlugin, ScorePlugin } from '../../framework/plugin.ts';
import type { PodInfo } from '../../framework/pod-info.ts';
import { errorStatus, SKIP, unschedulable, unschedulableAndUnresolvable } from '../../framework/status.ts';

export const NO_NEW_CLAIMS = 'no new claims to deallocate';
export const STATE_NOT_FOUND = 'not found';
const NOT_BUILT = 'resource claims are not simulated yet';

interface ClaimsState {
  readonly hasClaims: boolean;
}

const preFilterState = stateKey<ClaimsState>('PreFilterDynamicResources');

export const dynamicResources = {
  name: 'DynamicResources',
  preFilter(state, pod) {
    const hasClaims = usesClaims(pod);
    state.write(preFilterState, { hasClaims });
    return { status: hasClaims ? unschedulableAndUnresolvable(NOT_BUILT) : SKIP };
  },
  filter: () => undefined,
  postFilter(state) {
    // A plugin before this one rejected the pod, so there is no state: upstream passes that on as an error.
    if (!state.read(preFilterState)) return { status: errorStatus(STATE_NOT_FOUND) };
    return { status: unschedulable(NO_NEW_CLAIMS) };
  },
  score: () => 0,
} satisfies PreFilterPlugin & FilterPlugin & PostFilterPlugin & ScorePlugin;

function usesClaims({ spec }: PodInfo): boolean {
  return (spec.resourceClaims?.length ?? 0) > 0;
}

// What kube-apiserver, kube-controller-manager and kube-scheduler v1.36.3 made of pod groups, with the gates that a recording
// names, on nodes played by kwok. Which of several equal pods is left over is chance there: pods are compared without their names.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { World } from '../../../../src/planner/world.ts';
import type { Pod } from '../../../../src/schema/generated/types/core-v1.ts';
import type { PodGroup } from '../../../../src/schema/generated/types/scheduling-v1alpha2.ts';
import { byText, play, podsPerNode, recordingsIn } from './play.ts';

interface Outcome {
  /** Group, whether it has a node, why not, whether it has the promise of one. */
  readonly pods: readonly (readonly [string, boolean, string, string])[];
  /** How many pods the nodes have that have any, the emptiest first. */
  readonly nodes: readonly number[];
  /** Groups with their conditions: type, status, reason, message. */
  readonly groups: readonly unknown[];
}

const recordings = suite('recordings of pod groups');
for (const recording of recordingsIn<Outcome>('recordings.jsonl'))
  recordings(recording.title, () => assert.equal(outcomeOf(play(recording)), recording.want));
recordings.run();

function outcomeOf({ store }: World): Outcome {
  const pods = store.list('pods', 'default') as readonly Pod[]; // pods are filed there
  const groups = store.list('podgroups.scheduling.k8s.io', 'default') as readonly PodGroup[]; // and groups there
  return {
    pods: pods.map(podOutcome).sort(byText),
    nodes: podsPerNode(pods),
    groups: groups
      .map(({ metadata, status }) => [
        named(metadata.name),
        (status.conditions ?? []).map(({ type, status: value, reason, message }) => [type, value, reason, message]),
      ])
      .sort(byText),
  };
}

function podOutcome({ spec, status }: Pod): Outcome['pods'][number] {
  const group = named(spec.schedulingGroup?.podGroupName);
  const promised = status.nominatedNodeName ? 'nominated' : '';
  if (spec.nodeName) return [group, true, '', promised];
  const condition = status.conditions?.find(({ type }) => type === 'PodScheduled');
  return [group, false, condition ? `${condition.reason}: ${condition.message}` : '-', promised];
}

/** Names that are made from the uid of a Job are alike. */
function named(group = ''): string {
  return group.replace(/^j-\w+-j-pgt-0-\w+$/, 'j-of-job');
}

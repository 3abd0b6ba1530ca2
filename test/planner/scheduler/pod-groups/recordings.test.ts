// What kube-apiserver, kube-controller-manager and kube-scheduler v1.36.3 made of pod groups, with the gates that a recording
// names, on nodes played by kwok. Which of several equal pods is left over is chance there: pods are compared without their names.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { KubeObject } from '../../../../src/apimachinery/object.ts';
import { decodeBody } from '../../../../src/apiserver/decode.ts';
import { resourceNameOf } from '../../../../src/apiserver/resource.ts';
import { restoreBootstrap } from '../../../../src/planner/inventory/load-inventory.ts';
import { loadParts } from '../../../../src/planner/parts.ts';
import { World } from '../../../../src/planner/world.ts';
import type { Pod } from '../../../../src/schema/generated/types/core-v1.ts';
import type { PodGroup } from '../../../../src/schema/generated/types/scheduling-v1alpha2.ts';

interface Recording {
  readonly title: string;
  readonly gates: Readonly<Record<string, boolean>>;
  /** Objects that are created, or one that is deleted; then everything settles. */
  readonly steps: readonly { readonly create?: readonly KubeObject[]; readonly delete?: readonly [string, string] }[];
  readonly want: Outcome;
}

interface Outcome {
  /** Group, whether it has a node, why not, whether it has the promise of one. */
  readonly pods: readonly (readonly [string, boolean, string, string])[];
  /** How many pods the nodes have that have any, the emptiest first. */
  readonly nodes: readonly number[];
  /** Groups with their conditions: type, status, reason, message. */
  readonly groups: readonly unknown[];
}

const VERSION = '1.36';
const parts = await loadParts();
const lines = readFileSync(fileURLToPath(new URL('./recordings.jsonl', import.meta.url)), 'utf8')
  .trim()
  .split('\n');

const recordings = suite('recordings of pod groups');
for (const line of lines) {
  const recording = JSON.parse(line) as Recording;
  recordings(recording.title, () => assert.equal(outcomeOf(play(recording)), recording.want));
}
recordings.run();

function play({ gates, steps }: Recording): World {
  const flags = { 'runtime-config': 'scheduling.k8s.io/v1alpha2=true' };
  const kubernetes = { version: VERSION, featureGates: gates, flags } as const;
  const world = new World({ ...parts, kubernetes, startAt: Date.UTC(2026, 0, 1) });
  restoreBootstrap(world, VERSION);
  settle(world);
  for (const { create = [], delete: gone } of steps) {
    for (const object of create) send(world, object);
    if (gone) remove(world, ...gone);
    settle(world);
  }
  return world;
}

function settle({ engine }: World): void {
  assert.ok(engine.run({ horizon: 600_000, steps: 20_000 }).settled);
}

function send({ server }: World, object: KubeObject): void {
  const { apiVersion, kind } = object;
  const resource = server.options.catalog.byKind(apiVersion, kind)!;
  const version = apiVersion.slice(apiVersion.indexOf('/') + 1);
  const decoded = decodeBody({ tree: { value: object }, isYaml: false }, { resource, version }, VERSION, 'Strict');
  if (!decoded.ok) throw new Error(decoded.status.message);
  const answer = server.handle({
    verb: 'create',
    resource: resourceNameOf(resource),
    apiVersion,
    object: decoded.object,
    cause: { who: 'test' },
    ...(resource.namespaced ? { namespace: 'default' } : {}),
  });
  if (!answer.ok) throw new Error(answer.status.message);
}

function remove({ server }: World, kind: string, name: string): void {
  const resource = kind === 'pod' ? 'pods' : 'podgroups.scheduling.k8s.io';
  server.handle({
    verb: 'delete',
    resource,
    name,
    namespace: 'default',
    gracePeriodSeconds: 0,
    cause: { who: 'test' },
  });
}

function outcomeOf({ store }: World): Outcome {
  const pods = store.list('pods', 'default') as readonly Pod[]; // pods are filed there
  const groups = store.list('podgroups.scheduling.k8s.io', 'default') as readonly PodGroup[]; // and groups there
  const counts = new Map<string, number>();
  for (const { spec } of pods) if (spec.nodeName) counts.set(spec.nodeName, (counts.get(spec.nodeName) ?? 0) + 1);
  return {
    pods: pods.map(podOutcome).sort(byText),
    nodes: [...counts.values()].sort((a, b) => a - b),
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

function byText(a: unknown, b: unknown): number {
  return JSON.stringify(a) < JSON.stringify(b) ? -1 : 1;
}

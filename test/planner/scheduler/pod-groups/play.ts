// Plays what was recorded of a control plane with gates for pod groups: creates and deletes objects, and lets all settle in between.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as assert from 'uvu/assert';
import type { KubeObject } from '../../../../src/apimachinery/object.ts';
import { decodeBody } from '../../../../src/apiserver/decode.ts';
import { resourceNameOf } from '../../../../src/apiserver/resource.ts';
import { restoreBootstrap } from '../../../../src/planner/inventory/load-inventory.ts';
import { loadParts } from '../../../../src/planner/parts.ts';
import { World } from '../../../../src/planner/world.ts';

/** What happens to the cluster, after which everything settles. */
interface Step {
  readonly create?: readonly KubeObject[];
  readonly replace?: readonly KubeObject[];
  /** Kind and name. */
  readonly delete?: readonly [string, string];
  /** All ResourceClaims whose names begin so. */
  readonly deleteClaims?: string;
}

export interface Recording<Outcome> {
  readonly title: string;
  readonly gates: Readonly<Record<string, boolean>>;
  readonly steps: readonly Step[];
  readonly want: Outcome;
}

const VERSION = '1.36';
const CLAIMS = 'resourceclaims.resource.k8s.io';
const parts = await loadParts();

export function recordingsIn<Outcome>(file: string): readonly Recording<Outcome>[] {
  const lines = readFileSync(fileURLToPath(new URL(`./${file}`, import.meta.url)), 'utf8').trim();
  return lines.split('\n').map((line) => JSON.parse(line) as Recording<Outcome>);
}

export function play({ gates, steps }: Pick<Recording<unknown>, 'gates' | 'steps'>): World {
  const flags = { 'runtime-config': 'scheduling.k8s.io/v1alpha2=true' };
  const kubernetes = { version: VERSION, featureGates: gates, flags } as const;
  const world = new World({ ...parts, kubernetes, startAt: Date.UTC(2026, 0, 1) });
  restoreBootstrap(world, VERSION);
  settle(world);
  for (const { create = [], replace = [], delete: gone, deleteClaims } of steps) {
    for (const object of create) send(world, object);
    for (const object of replace) send(world, object, 'update');
    if (gone) remove(world, gone[0] === 'pod' ? 'pods' : 'podgroups.scheduling.k8s.io', gone[1]);
    if (deleteClaims !== undefined)
      for (const { metadata } of world.store.list(CLAIMS, 'default'))
        if (metadata.name?.startsWith(deleteClaims)) remove(world, CLAIMS, metadata.name);
    settle(world);
  }
  return world;
}

function settle({ engine }: World): void {
  assert.ok(engine.run({ horizon: 3_600_000, steps: 20_000 }).settled);
}

function send({ server }: World, object: KubeObject, verb: 'create' | 'update' = 'create'): void {
  const { apiVersion, kind } = object;
  const resource = server.options.catalog.byKind(apiVersion, kind)!;
  const version = apiVersion.slice(apiVersion.indexOf('/') + 1);
  const decoded = decodeBody({ tree: { value: object }, isYaml: false }, { resource, version }, VERSION, 'Strict');
  if (!decoded.ok) throw new Error(decoded.status.message);
  const answer = server.handle({
    verb,
    resource: resourceNameOf(resource),
    name: object.metadata.name ?? '',
    apiVersion,
    object: decoded.object,
    cause: { who: 'test' },
    ...(resource.namespaced ? { namespace: 'default' } : {}),
  });
  if (!answer.ok) throw new Error(answer.status.message);
}

function remove({ server }: World, resource: string, name: string): void {
  const answer = server.handle({
    verb: 'delete',
    resource,
    name,
    namespace: 'default',
    ...(resource === CLAIMS ? {} : { gracePeriodSeconds: 0 }),
    cause: { who: 'test' },
  });
  if (!answer.ok) throw new Error(answer.status.message);
}

export function byText(a: unknown, b: unknown): number {
  return JSON.stringify(a) < JSON.stringify(b) ? -1 : 1;
}

/** How many pods the nodes have that have any, the emptiest first. */
export function podsPerNode(pods: readonly { readonly spec: { readonly nodeName?: string } }[]): readonly number[] {
  const counts = new Map<string, number>();
  for (const { spec } of pods) if (spec.nodeName) counts.set(spec.nodeName, (counts.get(spec.nodeName) ?? 0) + 1);
  return [...counts.values()].sort((a, b) => a - b);
}

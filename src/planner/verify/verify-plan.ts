// Whether a saved plan still fits: are the objects that it changes, and the room that it counts on, as they were when it was made?
import type { ObjectRef } from '../../apimachinery/diagnostic.ts';
import { listedNames } from '../../apimachinery/listed-names.ts';
import { resourceNameOf } from '../../apiserver/resource.ts';
import { usagesOf } from '../changes/cluster/usage.ts';
import { differences } from '../changes/fields/field-changes.ts';
import { History } from '../changes/history.ts';
import type { NodeUsage, Plan, PlanChange, QuotaUsage, Usage } from '../changes/plan.ts';
import type { World } from '../world.ts';

export interface Staleness {
  readonly object: ObjectRef;
  /** `gone`: it was there; `exists`: it was not; `changed`: fields differ; `room`: what others request of it differs. */
  readonly reason: 'gone' | 'exists' | 'changed' | 'room';
  readonly message: string;
}

/** What a newer dump numbers anew, or what follows from the rest. */
const NOT_COMPARED = /^(?:status\b|metadata\.(?:uid|creationTimestamp|ownerReferences)\b)/;
const MOST_FIELDS = 3;

/** `world`: the newer cluster, settled. */
export function stalenessOf(plan: Plan, world: World): Staleness[] {
  return [...plan.changes.flatMap((change) => changeStaleness(change, world)), ...roomStaleness(plan, world)];
}

function changeStaleness({ object, before, origin, action }: PlanChange, { server }: World): Staleness[] {
  const resource = server.options.catalog.byKind(object.apiVersion, object.kind);
  const now = resource && server.store.get(resourceNameOf(resource), object.namespace, object.name);
  if (before === null) {
    // The name of what follows was made up.
    if (!now || origin === 'derived' || action !== 'create') return [];
    return [{ object, reason: 'exists', message: 'the plan creates it, and it is there by now' }];
  }
  if (!now) return [{ object, reason: 'gone', message: 'it was there when the plan was made' }];
  // A plan holds no values of Secrets: only whether their keys are the same can be told.
  const isHidden = (path: string): boolean => object.kind === 'Secret' && /^data\b/.test(path);
  const changed = differences(before, now).filter(
    ({ path, before: old, after }) =>
      !NOT_COMPARED.test(path) && !(isHidden(path) && old !== undefined && after !== undefined),
  );
  if (changed.length === 0) return [];
  const paths = changed.map(({ path }) => path);
  return [{ object, reason: 'changed', message: `changed since: ${listedNames(paths, MOST_FIELDS)}` }];
}

function roomStaleness({ nodes, quotas }: Plan, { store }: World): Staleness[] {
  const now = usagesOf(
    store,
    new History([]),
    new Set(nodes.map(({ node }) => node)),
    new Set(quotas.map(({ quota }) => quota.namespace)),
  );
  const found: Staleness[] = [];
  for (const planned of nodes) {
    const node = now.nodes.find((each) => each.node === planned.node);
    const object = { apiVersion: 'v1', kind: 'Node', name: planned.node };
    found.push(...compared(object, planned, node));
  }
  for (const planned of quotas) {
    const quota = now.quotas.find(
      ({ quota: { namespace, name } }) => namespace === planned.quota.namespace && name === planned.quota.name,
    );
    if (!planned.usage.some(({ before, after }) => before !== after) && !quota) continue;
    found.push(...compared({ apiVersion: 'v1', kind: 'ResourceQuota', ...planned.quota }, planned, quota));
  }
  return found;
}

function compared(
  object: ObjectRef,
  planned: Pick<NodeUsage | QuotaUsage, 'usage'> & Partial<NodeUsage>,
  now: (Pick<NodeUsage | QuotaUsage, 'usage'> & Partial<NodeUsage>) | undefined,
): Staleness[] {
  if (!now) return [{ object, reason: 'gone', message: 'it was there when the plan was made' }];
  const texts = planned.usage.flatMap((usage) =>
    roomText(
      usage,
      now.usage.find(({ resource }) => resource === usage.resource),
    ),
  );
  if (planned.unschedulable !== now.unschedulable)
    texts.push(now.unschedulable ? 'it is cordoned by now' : 'it is not cordoned any more');
  if (planned.ready !== undefined && now.ready === false && planned.ready) texts.push('it is not ready by now');
  return texts.length === 0 ? [] : [{ object, reason: 'room', message: texts.join('; ') }];
}

function roomText(planned: Usage, now: Usage | undefined): string[] {
  const { resource, before, limit } = planned;
  const [used, bound] = [now?.after ?? '0', now?.limit];
  const texts: string[] = [];
  if (used !== before) texts.push(`${resource} requested was ${before}, is ${used}`);
  if (bound !== limit) texts.push(`${resource} was limited to ${limit ?? 'nothing'}, is to ${bound ?? 'nothing'}`);
  return texts;
}

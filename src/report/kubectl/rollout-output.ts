// What `kubectl rollout status` and `history` say.
// Behaviour: staging/src/k8s.io/kubectl/pkg/polymorphichelpers (rollout_status.go, history.go), Kubernetes v1.36.3.
import { goQuote } from '../../apimachinery/go/quote.ts';
import { isMap } from '../../apimachinery/json.ts';
import type { KubeObject } from '../../apimachinery/object.ts';
import { DEPLOYMENT_REVISION } from '../../apimachinery/well-known/annotations.ts';
import { decodeObject } from '../../schema/decode/decode-object.ts';
import type { ControllerRevision, DaemonSet, Deployment, StatefulSet } from '../../schema/generated/types/apps-v1.ts';
import type { PodTemplateSpec } from '../../schema/generated/types/core-v1.ts';
import { newestVersion } from '../../schema/layout.ts';
import { compileLabelSelector } from '../../selectors/label-selector.ts';
import type { Surroundings } from './describe/describer.ts';
import { writePodTemplate } from './describe/pod-template.ts';
import { replicaSetsOf } from './describe/workloads.ts';
import { DescriptionWriter } from './describe/writer.ts';
import { alignTabs, DESCRIBE_LAYOUT } from './tab-writer.ts';

const POD_TEMPLATE = 'core/v1.PodTemplateSpec';
const CHANGE_CAUSE = 'kubernetes.io/change-cause';
const ERR_STRATEGY = 'rollout status is only available for RollingUpdate strategy type';

export type RolloutStatus =
  | { readonly ok: true; readonly text: string; readonly isDone: boolean }
  | { readonly ok: false; readonly error: string };

const waiting = (text: string): RolloutStatus => ({ ok: true, text: `${text}\n`, isDone: false });
const done = (text: string): RolloutStatus => ({ ok: true, text: `${text}\n`, isDone: true });
const failed = (error: string): RolloutStatus => ({ ok: false, error });

export function deploymentStatus({ metadata, spec, status }: Deployment, revision: number): RolloutStatus {
  const current = Number(metadata.annotations?.[DEPLOYMENT_REVISION] ?? 0);
  if (revision > 0 && revision !== current) {
    return failed(`desired revision (${revision}) is different from the running revision (${current})`);
  }
  const name = goQuote(metadata.name ?? '');
  if ((metadata.generation ?? 0) > (status.observedGeneration ?? 0)) {
    return waiting('Waiting for deployment spec update to be observed...');
  }
  if (status.conditions?.find(({ type }) => type === 'Progressing')?.reason === 'ProgressDeadlineExceeded') {
    return failed(`deployment ${name} exceeded its progress deadline`);
  }
  const { updatedReplicas: updated = 0, replicas = 0, availableReplicas: available = 0 } = status;
  const start = `Waiting for deployment ${name} rollout to finish:`;
  if (updated < (spec.replicas ?? 0)) {
    return waiting(`${start} ${updated} out of ${spec.replicas} new replicas have been updated...`);
  }
  if (replicas > updated) return waiting(`${start} ${replicas - updated} old replicas are pending termination...`);
  if (available < updated) return waiting(`${start} ${available} of ${updated} updated replicas are available...`);
  return done(`deployment ${name} successfully rolled out`);
}

export function daemonSetStatus({ metadata, spec, status }: DaemonSet): RolloutStatus {
  if (spec.updateStrategy?.type !== 'RollingUpdate') return failed(ERR_STRATEGY);
  if ((metadata.generation ?? 0) > (status.observedGeneration ?? 0)) {
    return waiting('Waiting for daemon set spec update to be observed...');
  }
  const name = goQuote(metadata.name ?? '');
  const {
    updatedNumberScheduled: updated = 0,
    desiredNumberScheduled: desired,
    numberAvailable: available = 0,
  } = status;
  const start = `Waiting for daemon set ${name} rollout to finish:`;
  if (updated < desired) return waiting(`${start} ${updated} out of ${desired} new pods have been updated...`);
  if (available < desired) return waiting(`${start} ${available} of ${desired} updated pods are available...`);
  return done(`daemon set ${name} successfully rolled out`);
}

export function statefulSetStatus({ metadata, spec, status }: StatefulSet): RolloutStatus {
  if (spec.updateStrategy?.type !== 'RollingUpdate') return failed(ERR_STRATEGY);
  const observed = status.observedGeneration ?? 0;
  if (observed === 0 || (metadata.generation ?? 0) > observed) {
    return waiting('Waiting for statefulset spec update to be observed...');
  }
  const wanted = spec.replicas ?? 0;
  const { readyReplicas: ready = 0, updatedReplicas: updated = 0 } = status;
  if (ready < wanted) return waiting(`Waiting for ${wanted - ready} pods to be ready...`);
  const rolling = spec.updateStrategy.rollingUpdate;
  if (rolling) {
    const goal = wanted - (rolling.partition ?? 0);
    if (rolling.partition !== undefined && updated < goal) {
      return waiting(
        `Waiting for partitioned roll out to finish: ${updated} out of ${goal} new pods have been updated...`,
      );
    }
    return done(`partitioned roll out complete: ${updated} new pods have been updated...`);
  }
  const { updateRevision = '', currentRevision = '', currentReplicas = 0 } = status;
  if (updateRevision !== currentRevision) {
    return waiting(
      `waiting for statefulset rolling update to complete ${updated} pods at revision ${updateRevision}...`,
    );
  }
  return done(`statefulset rolling update complete ${currentReplicas} pods at revision ${currentRevision}...`);
}

export interface HistoryEntry {
  readonly revision: number;
  readonly changeCause: string;
  readonly template: PodTemplateSpec;
  /** What `-o` prints of the revision. */
  readonly object: KubeObject;
  /** The replica set or controller revision that keeps it. */
  readonly source: KubeObject;
}

/** By revision, oldest first. */
export function deploymentHistory(deployment: Deployment, around: Pick<Surroundings, 'list'>): readonly HistoryEntry[] {
  const { before, current } = replicaSetsOf(deployment, around);
  const entries = new Map<number, HistoryEntry>();
  for (const set of [...before, ...(current ? [current] : [])]) {
    const revision = Number(set.metadata.annotations?.[DEPLOYMENT_REVISION] ?? 0);
    const cause = set.metadata.annotations?.[CHANGE_CAUSE] ?? '';
    const template = set.spec.template!;
    const metadata = cause
      ? { ...template.metadata, annotations: { ...template.metadata.annotations, [CHANGE_CAUSE]: cause } }
      : template.metadata;
    const changeCause = metadata.annotations?.[CHANGE_CAUSE] ?? '';
    entries.set(revision, { revision, changeCause, template: { ...template, metadata }, object: set, source: set });
  }
  return inOrder(entries);
}

export function revisionHistory(
  owner: DaemonSet | StatefulSet,
  around: Pick<Surroundings, 'list'>,
): readonly HistoryEntry[] {
  const selector = compileLabelSelector(owner.spec.selector);
  const entries = new Map<number, HistoryEntry>();
  for (const object of around.list<ControllerRevision>('ControllerRevision.apps', owner.metadata.namespace)) {
    const controller = object.metadata.ownerReferences?.find((owner_) => owner_.controller);
    if (!selector.matches(object.metadata.labels) || controller?.uid !== owner.metadata.uid) continue;
    const template = templateOf(object, owner.spec.template);
    const changeCause = object.metadata.annotations?.[CHANGE_CAUSE] ?? '';
    const restored = { ...owner, spec: { ...owner.spec, template } };
    entries.set(object.revision, {
      revision: object.revision,
      changeCause,
      template,
      object: restored,
      source: object,
    });
  }
  return inOrder(entries);
}

/** A revision holds the whole template, marked to replace the one there is. */
function templateOf({ data }: ControllerRevision, fallback: PodTemplateSpec): PodTemplateSpec {
  const root: unknown = data;
  const spec = isMap(root) ? root['spec'] : undefined;
  const template = isMap(spec) ? spec['template'] : undefined;
  if (!isMap(template)) return fallback;
  const { $patch: _, ...rest } = template;
  const decoded = decodeObject<PodTemplateSpec & KubeObject>(
    newestVersion,
    POD_TEMPLATE,
    { value: rest },
    { strict: false },
  );
  return decoded.ok ? decoded.object : fallback;
}

function inOrder(entries: ReadonlyMap<number, HistoryEntry>): readonly HistoryEntry[] {
  return [...entries.values()].sort((a, b) => a.revision - b.revision);
}

export function historyTable(entries: readonly HistoryEntry[]): string {
  if (entries.length === 0) return 'No rollout history found.';
  const lines = entries.map(({ revision, changeCause }) => `${revision}\t${changeCause || '<none>'}\n`);
  return alignTabs(`REVISION\tCHANGE-CAUSE\n${lines.join('')}`, DESCRIBE_LAYOUT);
}

/** A revision's template; kubectl does not align it. */
export function revisionText({ template }: HistoryEntry): string {
  const w = new DescriptionWriter();
  writePodTemplate(w, template);
  return w.unaligned;
}

// `kubectl rollout pause`, `resume`, `restart` and `undo`.
// Behaviour: staging/src/k8s.io/kubectl/pkg/cmd/rollout and pkg/polymorphichelpers, Kubernetes v1.36.3.
import { semanticDeepEqual } from '../../../apimachinery/deep-equal.ts';
import type { Json } from '../../../apimachinery/json.ts';
import type { KubeObject } from '../../../apimachinery/object.ts';
import { formatTime } from '../../../apimachinery/time/time.ts';
import { LAST_APPLIED } from '../../../apimachinery/well-known/annotations.ts';
import { LABEL_POD_TEMPLATE_HASH } from '../../../apimachinery/well-known/labels.ts';
import { type HistoryEntry, revisionText } from '../../../report/kubectl/rollout-output.ts';
import type { ControllerRevision, Deployment, ReplicaSet } from '../../../schema/generated/types/apps-v1.ts';
import type { PodTemplateSpec } from '../../../schema/generated/types/core-v1.ts';
import { isFailure, KubectlError, throwAll } from '../outcome.ts';
import { resourceText } from '../resources.ts';
import type { Found, Selection } from '../select-objects.ts';
import type { VerbRun } from './requests.ts';
import { visitFound } from './verb-selection.ts';

const RESTARTED = new Set(['Deployment', 'DaemonSet', 'StatefulSet']);
const WORDS: Readonly<Record<string, readonly [string, string]>> = {
  pause: ['pausing', 'paused'],
  resume: ['resuming', 'resumed'],
  restart: ['restarting', 'restarted'],
};
const RESTARTED_AT = 'kubectl.kubernetes.io/restartedAt';
/** What a deployment keeps of its own when it takes over a revision. */
const OWN_ANNOTATIONS = new Set([
  LAST_APPLIED,
  'deployment.kubernetes.io/revision',
  'deployment.kubernetes.io/revision-history',
  'deployment.kubernetes.io/desired-replicas',
  'deployment.kubernetes.io/max-replicas',
  'deprecated.deployment.rollback.to',
]);

export function isRolloutVerb(verb: string): boolean {
  return verb === 'undo' || Object.hasOwn(WORDS, verb);
}

/** Pauses, resumes or restarts everything that was found. */
export function changeRollouts(verb: string, selection: Selection, run: VerbRun): void {
  const { found, errors } = selection;
  const failures: Error[] = [...errors];
  if (found.length === 0 && failures.length === 0) {
    run.output.stderr += `No resources found in ${run.namespace} namespace.\n`;
    return;
  }
  for (const one of found) {
    try {
      changeOne(verb, one, run);
    } catch (error) {
      if (!isFailure(error)) throw error;
      failures.push(error);
    }
  }
  throwAll(failures);
}

function changeOne(verb: string, found: Found, run: VerbRun): void {
  const { resource, object } = found;
  const fail = (text: string): KubectlError =>
    new KubectlError(`error: ${resourceText(resource)} "${object.metadata.name}" ${text}`);
  const [progressive = '', done = ''] = WORDS[verb] ?? [];
  const isDeployment = resource.kind === 'Deployment';
  if (verb === 'restart' ? !RESTARTED.has(resource.kind) : !isDeployment) throw fail(`${progressive} is not supported`);
  // Only a deployment can be paused.
  const isPaused = isDeployment && ((object as Deployment).spec.paused ?? false);
  if (verb === 'pause' && isPaused) throw fail('is already paused');
  if (verb === 'resume' && !isPaused) throw fail('is not paused');
  if (verb === 'restart' && isPaused) throw fail("can't restart paused deployment (run rollout resume first)");
  try {
    const patched = run.patch(found, 'strategic', patchOf(verb, run.context.now), { manager: 'kubectl-rollout' });
    run.printer.print(patched, done);
  } catch (error) {
    if (!isFailure(error)) throw error;
    throw new KubectlError(`failed to patch: ${error.message}`);
  }
}

function patchOf(verb: string, now: number): Json {
  if (verb === 'pause') return { spec: { paused: true } };
  if (verb === 'resume') return { spec: { paused: null } };
  return { spec: { template: { metadata: { annotations: { [RESTARTED_AT]: formatTime(now) } } } } };
}

type HistoryOf = (object: KubeObject) => readonly HistoryEntry[] | undefined;

export function undoRollouts(selection: Selection, historyOf: HistoryOf, run: VerbRun): void {
  visitFound(selection, (found) => undo(found, historyOf(found.object), run));
}

function undo(found: Found, history: readonly HistoryEntry[] | undefined, run: VerbRun): void {
  const { resource, object } = found;
  if (object.metadata.annotations?.[LAST_APPLIED] !== undefined) {
    run.output.stderr += managedWarning(`${resource.plural}/${object.metadata.name}`);
  }
  if (!history) throw new KubectlError(`no rollbacker has been implemented for "${kindOf(found)}"`);
  const wanted = Number(run.given.value('to-revision') ?? 0);
  const entry = entryOf(found, history, wanted);
  const isDeployment = resource.kind === 'Deployment';
  if (run.isClientOnly) {
    const text = revisionText(entry);
    run.printer.print(object, isDeployment ? text : `will roll back to ${text}`);
    return;
  }
  if (isDeployment && (object as Deployment).spec.paused) {
    const advice = "resume it first with 'kubectl rollout resume' and try again";
    throw new KubectlError(`you cannot rollback a paused deployment; ${advice}`);
  }
  const { template } = (object as Deployment).spec;
  if (semanticDeepEqual(withoutHash(templateOf(entry)), withoutHash(template))) {
    run.printer.print(object, `skipped rollback (current template already matches revision ${wanted})`);
    return;
  }
  try {
    if (isDeployment) run.patch(found, 'json', deploymentPatch(object as Deployment, entry));
    else run.patch(found, 'strategic', (entry.source as ControllerRevision).data as unknown as Json);
  } catch (error) {
    if (!isFailure(error)) throw error;
    throw new KubectlError(`failed restoring revision ${wanted}: ${error.message}`);
  }
  run.printer.print(object, 'rolled back');
}

function managedWarning(name: string): string {
  return `Warning: resource ${name} was previously managed with 'kubectl apply'. Rolling back will not update the ${LAST_APPLIED} annotation, which may cause unexpected behavior on future 'kubectl apply' operations. Consider using 'kubectl apply' with your previous configuration file instead.\n`;
}

function kindOf({ resource: { group, kind } }: Found): string {
  return group === '' ? kind : `${kind}.${group}`;
}

function entryOf({ resource, object }: Found, history: readonly HistoryEntry[], wanted: number): HistoryEntry {
  if (wanted !== 0) {
    const entry = history.find(({ revision }) => revision === wanted);
    if (entry) return entry;
    throw new KubectlError(`unable to find specified revision ${wanted} in history`);
  }
  const previous = history.at(-2);
  if (previous) return previous;
  throw new KubectlError(
    resource.kind === 'Deployment'
      ? `no rollout history found for deployment "${object.metadata.name}"`
      : 'no last revision to roll back to',
  );
}

/** A deployment's history is of replica sets, which have a template of their own. */
function templateOf({ source, template }: HistoryEntry): PodTemplateSpec {
  return source.kind === 'ReplicaSet' ? (source as ReplicaSet).spec.template! : template;
}

function withoutHash(template: PodTemplateSpec): PodTemplateSpec {
  const { labels, ...metadata } = template.metadata ?? {};
  const { [LABEL_POD_TEMPLATE_HASH]: _, ...rest } = labels ?? {};
  return { ...template, metadata: { ...metadata, labels: rest } };
}

/** The template of the revision, and its annotations beside those that are the deployment's own. */
function deploymentPatch({ metadata }: Deployment, { source }: HistoryEntry): Json {
  // The history of a deployment is one of replica sets.
  const set = source as ReplicaSet;
  const { labels, ...rest } = set.spec.template?.metadata ?? {};
  const { [LABEL_POD_TEMPLATE_HASH]: _, ...kept } = labels ?? {};
  const template = { ...set.spec.template, metadata: { ...rest, labels: kept } };
  const own = Object.entries(metadata.annotations ?? {}).filter(([key]) => OWN_ANNOTATIONS.has(key));
  const taken = Object.entries(set.metadata.annotations ?? {}).filter(([key]) => !OWN_ANNOTATIONS.has(key));
  return [
    // A typed object is JSON.
    { op: 'replace', path: '/spec/template', value: template as unknown as Json },
    { op: 'replace', path: '/metadata/annotations', value: Object.fromEntries([...own, ...taken]) },
  ];
}

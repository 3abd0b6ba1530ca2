// `kubectl rollout`.
// Behaviour: staging/src/k8s.io/kubectl/pkg/cmd/rollout, Kubernetes v1.36.3.
import type { KubeObject } from '../../../apimachinery/object.ts';
import { writeYaml } from '../../../manifests/writer/write-yaml.ts';
import { jsonText } from '../../../report/kubectl/json-output.ts';
import {
  daemonSetStatus,
  deploymentHistory,
  deploymentStatus,
  type HistoryEntry,
  historyTable,
  type RolloutStatus,
  revisionHistory,
  revisionText,
  statefulSetStatus,
} from '../../../report/kubectl/rollout-output.ts';
import type { DaemonSet, Deployment, StatefulSet } from '../../../schema/generated/types/apps-v1.ts';
import { namespaceOf, type ParsedArguments } from '../arguments.ts';
import type { KubectlContext } from '../context.ts';
import { KubectlError, type Output } from '../outcome.ts';
import { kindText, type ServedResource } from '../resources.ts';
import type { Found } from '../select-objects.ts';
import { VerbRun } from '../verbs/requests.ts';
import { changeRollouts, isRolloutVerb, undoRollouts } from '../verbs/rollout-verbs.ts';
import { integerFlag } from '../verbs/scale.ts';
import { unknownRolloutFlag } from '../verbs/verb-flags.ts';
import { selectForVerb, visitFound } from '../verbs/verb-selection.ts';
import { surroundingsOf } from './describe.ts';

export function rollout(given: ParsedArguments, context: KubectlContext, output: Output): void {
  const [verb = '', ...words] = given.arguments;
  const isChange = isRolloutVerb(verb);
  if (verb !== 'status' && verb !== 'history' && !isChange)
    throw new KubectlError(`kubectl rollout ${verb} is not built in kubeplan`);
  const unknown = unknownRolloutFlag(verb, given);
  if (unknown !== undefined)
    throw new KubectlError(`unknown flag: --${unknown}\nSee 'kubectl rollout ${verb} --help' for usage.`);
  if (words.length === 0 && !given.has('filename')) throw new KubectlError('required resource not specified');
  const revision = integerFlag(given, 'revision', 0);
  if (revision < 0) throw new KubectlError(`revision must be a positive integer: ${revision}`);
  const run = isChange ? new VerbRun(given, context, output) : undefined;
  const selection = selectForVerb(given, context, words, { takesTypesAlone: true });
  const { found, warnings } = selection;
  output.warnLines(warnings);
  if (run) {
    if (verb === 'undo') undoRollouts(selection, (object) => historyOf(object, context), run);
    else changeRollouts(verb, selection, run);
    return;
  }
  visitFound(selection, (one) => {
    if (verb === 'status') printStatus(one, revision, output);
    else printHistory(one, given, revision, context, output);
  });
  if (verb === 'status' && found.length === 0)
    output.stderr += `No resources found in ${namespaceOf(given)} namespace.\n`;
}

function printStatus({ resource, object }: Found, revision: number, output: Output): void {
  const status = statusOf(object, revision);
  if (!status) throw new KubectlError(`no status viewer has been implemented for ${groupKindText(resource)}`);
  if (!status.ok) throw new KubectlError(status.error);
  output.stdout += status.text;
}

function groupKindText({ kind, group }: ServedResource): string {
  return group === '' ? kind : `${kind}.${group}`;
}

function statusOf(object: KubeObject, revision: number): RolloutStatus | undefined {
  switch (object.kind) {
    case 'Deployment':
      return deploymentStatus(object as Deployment, revision);
    case 'DaemonSet':
      return daemonSetStatus(object as DaemonSet);
    case 'StatefulSet':
      return statefulSetStatus(object as StatefulSet);
    default:
      return undefined;
  }
}

function printHistory(
  { resource, object }: Found,
  given: ParsedArguments,
  revision: number,
  context: KubectlContext,
  output: Output,
): void {
  const entries = historyOf(object, context);
  if (!entries) throw new KubectlError(`no history viewer has been implemented for "${groupKindText(resource)}"`);
  const format = given.value('output');
  const title = `${kindText(resource)}/${object.metadata.name}`;
  // Only what is to be printed as objects misses a revision where there is none at all.
  const isTold = format !== 'yaml' && format !== 'json';
  const asked = revision > 0 ? entries.filter((entry) => entry.revision === revision) : entries;
  if (revision > 0 && asked.length === 0 && !(isTold && entries.length === 0))
    throw new KubectlError('unable to find the specified revision');
  if (format === 'yaml') output.stdout += asked.map((entry) => writeYaml(entry.object)).join('---\n');
  else if (format === 'json') output.stdout += asked.map((entry) => jsonText(entry.object)).join('');
  else {
    const [one] = asked;
    const text = revision > 0 && one ? revisionText(one) : historyTable(entries);
    output.stdout += `${title} ${revision > 0 ? `with revision #${revision}` : ''}\n${text}\n`;
  }
}

function historyOf(object: KubeObject, context: KubectlContext): readonly HistoryEntry[] | undefined {
  const around = surroundingsOf(context, false);
  switch (object.kind) {
    case 'Deployment':
      return deploymentHistory(object as Deployment, around);
    case 'DaemonSet':
    case 'StatefulSet':
      return revisionHistory(object as DaemonSet | StatefulSet, around);
    default:
      return undefined;
  }
}

// `kubectl rollout` on a cluster; of what changes something only the words.
// Behaviour: staging/src/k8s.io/kubectl/pkg/cmd/rollout, Kubernetes v1.36.3.
import type { KubeObject } from '../../apimachinery/object.ts';
import { jsonText } from '../../report/kubectl/json-output.ts';
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
} from '../../report/kubectl/rollout-output.ts';
import { yamlText } from '../../report/kubectl/yaml-output.ts';
import type { DaemonSet, Deployment, StatefulSet } from '../../schema/generated/types/apps-v1.ts';
import { COMMON_FLAGS, type FlagSpecs, type ParsedArguments } from './arguments.ts';
import type { KubectlContext } from './context.ts';
import { surroundingsOf } from './describe.ts';
import { namespaceOf } from './get.ts';
import { KubectlError, type Output } from './outcome.ts';
import { kindText } from './resources.ts';
import { changeRollout, isRolloutVerb } from './rollout-verbs.ts';
import { type Found, selectObjects } from './select-objects.ts';

export const ROLLOUT_FLAGS: FlagSpecs = {
  ...COMMON_FLAGS,
  watch: { kind: 'flag', short: 'w' },
  timeout: { kind: 'value' },
  revision: { kind: 'value' },
  selector: { kind: 'value', short: 'l' },
  output: { kind: 'value', short: 'o' },
  'to-revision': { kind: 'value' },
  'dry-run': { kind: 'value', bare: 'unchanged' },
};

export function rollout(given: ParsedArguments, context: KubectlContext, output: Output): void {
  const [verb = '', ...words] = given.arguments;
  const isChange = isRolloutVerb(verb);
  if (verb !== 'status' && verb !== 'history' && !isChange)
    throw new KubectlError(`kubectl rollout ${verb} is not built in kubeplan`);
  if (words.length === 0) throw new KubectlError('required resource not specified');
  const revision = Number(given.value('revision') ?? 0);
  if (revision < 0) throw new KubectlError(`revision must be a positive integer: ${revision}`);
  const { found, errors, warnings } = selectObjects(context.view, {
    words,
    namespace: namespaceOf(given),
    allNamespaces: false,
    labelSelector: given.value('selector') ?? '',
    fieldSelector: '',
  });
  output.stderr += warnings.join('');
  for (const one of found) {
    if (isChange) {
      const revisions = historyOf(one.object, context)?.map((entry) => entry.revision);
      changeRollout(verb, one, revisions, given, output);
    } else if (verb === 'status') printStatus(one, revision, output);
    else printHistory(one, given, revision, context, output);
  }
  for (const error of errors) output.fail(error);
  if (verb === 'status' && found.length === 0 && errors.length === 0) {
    output.stderr += `No resources found in ${namespaceOf(given)} namespace.\n`;
  }
}

function printStatus({ resource, object }: Found, revision: number, output: Output): void {
  const status = statusOf(object, revision);
  if (!status) throw new KubectlError(`no status viewer has been implemented for ${resource.kind}`);
  if (!status.ok) throw new KubectlError(status.error);
  output.stdout += status.text;
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
  if (!entries) {
    const kind = resource.group === '' ? resource.kind : `${resource.kind}.${resource.group}`;
    throw new KubectlError(`no history viewer has been implemented for "${kind}"`);
  }
  const asked = revision > 0 ? entries.filter((entry) => entry.revision === revision) : entries;
  if (revision > 0 && asked.length === 0) throw new KubectlError('unable to find the specified revision');
  const format = given.value('output');
  if (format === 'yaml') output.stdout += asked.map((entry) => yamlText(entry.object)).join('---\n');
  else if (format === 'json') output.stdout += asked.map((entry) => jsonText(entry.object)).join('');
  else {
    const title = `${kindText(resource)}/${object.metadata.name}`;
    const [one] = asked;
    output.stdout +=
      revision > 0 && one
        ? `${title} with revision #${revision}\n${revisionText(one)}\n`
        : `${title} \n${historyTable(entries)}\n`;
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

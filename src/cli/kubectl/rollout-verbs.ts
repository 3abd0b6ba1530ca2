// What `kubectl rollout pause`, `resume`, `restart` and `undo` say; nothing is written here.
// Behaviour: staging/src/k8s.io/kubectl/pkg/cmd/rollout and pkg/polymorphichelpers, Kubernetes v1.36.3.
// Differs: warnings of the API server are not repeated, and an undo with --dry-run=client is not built.
import type { Deployment } from '../../schema/generated/types/apps-v1.ts';
import type { ParsedArguments } from './arguments.ts';
import { doneLine } from './dry-run.ts';
import { KubectlError, type Output } from './outcome.ts';
import { resourceText } from './resources.ts';
import type { Found } from './select-objects.ts';

const RESTARTED = new Set(['Deployment', 'DaemonSet', 'StatefulSet']);
const PAUSING: Readonly<Record<string, string>> = { pause: 'pausing', resume: 'resuming', restart: 'restarting' };

export function isRolloutVerb(verb: string): boolean {
  return verb === 'undo' || Object.hasOwn(PAUSING, verb);
}

/** `revisions` are those the object can go back to. */
export function changeRollout(
  verb: string,
  found: Found,
  revisions: readonly number[] | undefined,
  given: ParsedArguments,
  output: Output,
): void {
  const { resource, object } = found;
  const name = `${resourceText(resource)} "${object.metadata.name}"`;
  if (verb === 'undo') {
    undo(found, revisions, given, output);
    return;
  }
  const isDeployment = resource.kind === 'Deployment';
  if (verb === 'restart' ? !RESTARTED.has(resource.kind) : !isDeployment) {
    output.fail(new KubectlError(`${name} ${PAUSING[verb]} is not supported`));
    return;
  }
  // Only a deployment can be paused.
  const isPaused = isDeployment && ((object as Deployment).spec.paused ?? false);
  if (verb === 'pause' && isPaused) output.fail(new KubectlError(`${name} is already paused`));
  else if (verb === 'resume' && !isPaused) output.fail(new KubectlError(`${name} is not paused`));
  else if (verb === 'restart' && isPaused) {
    output.fail(new KubectlError(`${name} can't restart paused deployment (run rollout resume first)`));
  } else output.stdout += doneLine(found, `${verb}${verb.endsWith('e') ? 'd' : 'ed'}`, given);
}

function undo(found: Found, revisions: readonly number[] | undefined, given: ParsedArguments, output: Output): void {
  if (!revisions) {
    output.fail(new KubectlError(`no rollbacker has been implemented for "${found.resource.kind}"`));
    return;
  }
  if (given.value('dry-run') === 'client')
    throw new KubectlError('undo with --dry-run=client is not built in kubeplan');
  const wanted = Number(given.value('to-revision') ?? 0);
  if (wanted > 0 && !revisions.includes(wanted)) {
    output.fail(new KubectlError(`unable to find specified revision ${wanted} in history`));
  } else if (wanted === 0 && revisions.length < 2) {
    output.fail(
      new KubectlError(
        `no rollout history found for ${found.resource.kind.toLowerCase()} "${found.object.metadata.name}"`,
      ),
    );
  } else output.stdout += doneLine(found, 'rolled back', given);
}

// What `kubectl scale` says; nothing is scaled here.
// Behaviour: staging/src/k8s.io/kubectl/pkg/cmd/scale/scale.go, Kubernetes v1.36.3.
// Differs: warnings of the API server about the scaled object are not repeated.
import { isMap } from '../../report/kubectl/go-value.ts';
import type { FlagSpecs, ParsedArguments } from './arguments.ts';
import type { KubectlContext } from './context.ts';
import { checkNamed, doneLine, VERB_FLAGS, verbQuestion } from './dry-run.ts';
import { KubectlError, type Output } from './outcome.ts';
import { selectObjects } from './select-objects.ts';

export const SCALE_FLAGS: FlagSpecs = {
  ...VERB_FLAGS,
  replicas: { kind: 'value' },
  'current-replicas': { kind: 'value' },
  'resource-version': { kind: 'value' },
  timeout: { kind: 'value' },
};

const SCALABLE = new Set(['Deployment', 'ReplicaSet', 'ReplicationController', 'StatefulSet']);
const ERR_COUNT = 'The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0';
const ERR_NO_SCALE = 'the server could not find the requested resource';

export function scale(given: ParsedArguments, { view }: KubectlContext, output: Output): void {
  if (!given.has('replicas')) throw new KubectlError('required flag(s) "replicas" not set');
  if (!(Number(given.value('replicas')) >= 0)) throw new KubectlError(ERR_COUNT);
  const selection = selectObjects(view, verbQuestion(given, given.arguments));
  checkNamed(given, selection.resources);
  output.stderr += selection.warnings.join('');
  const expected = Number(given.value('current-replicas') ?? -1);
  for (const found of selection.found) {
    const { object, resource } = found;
    if (!SCALABLE.has(resource.kind)) throw new KubectlError(ERR_NO_SCALE, { reason: 'NotFound' });
    const spec = 'spec' in object ? object.spec : undefined;
    const replicas = isMap(spec) ? Number(spec['replicas'] ?? 0) : 0;
    if (expected >= 0 && replicas !== expected) {
      throw new KubectlError(`Expected replicas to be ${expected}, was ${replicas}`);
    }
    output.stdout += doneLine(found, 'scaled', given);
  }
  for (const error of selection.errors) output.fail(error);
}

// `kubectl set serviceaccount`.
// Behaviour: staging/src/k8s.io/kubectl/pkg/cmd/set/set_serviceaccount.go, Kubernetes v1.36.3.
import type { ParsedArguments } from '../../arguments.ts';
import { KubectlError } from '../../outcome.ts';
import { onPodSpecs, type Setter } from './setter.ts';

export function setServiceAccount(given: ParsedArguments): Setter {
  const args = given.arguments.slice(1);
  const name = args.at(-1);
  if (name === undefined) throw new KubectlError('serviceaccount is required');
  return onPodSpecs({
    words: args.slice(0, -1),
    operation: 'serviceaccount updated',
    sendsNothingToo: true,
    failure: 'failed to patch ServiceAccountName',
    change(spec) {
      spec['serviceAccountName'] = name;
      return [];
    },
  });
}

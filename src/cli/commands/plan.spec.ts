// What `kubeplan plan` takes; plan.ts does it.
import type { CommandSpec } from '../command.ts';
import {
  APPLY_OPTIONS,
  CLUSTER_OPTIONS,
  FILE_OPTIONS,
  GATE_OPTIONS,
  IDENTITY_OPTIONS,
  KUBERNETES_OPTIONS,
  OUTPUT_OPTIONS,
  SAVE_OPTIONS,
} from '../options.ts';

export const planSpec: CommandSpec = {
  name: 'plan',
  summary: 'Show what applying manifests would do to a described cluster.',
  examples: [
    'plan -f deploy/ --cluster cluster.yaml',
    'plan -f deploy/ --cluster cluster.yaml -o json=plan.json -o text',
    'plan -f - < rendered-by-helm.yaml',
    'plan -f deploy/ --cluster cluster.yaml --as system:serviceaccount:shop:ci',
    'plan -f deploy/ --cluster cluster.yaml --prune -l app=web',
    'plan -f deploy/ --fail-on delete,replace --detailed-exitcode',
  ],
  options: [
    ...FILE_OPTIONS,
    ...CLUSTER_OPTIONS,
    ...KUBERNETES_OPTIONS,
    ...OUTPUT_OPTIONS,
    ...GATE_OPTIONS,
    ...IDENTITY_OPTIONS,
    ...APPLY_OPTIONS,
    {
      flags: '--replace',
      help: 'plan to delete and create anew what cannot be changed in place, and say what that costs',
    },
    { flags: '--out <file>', help: 'save the plan for `kubeplan show`' },
    ...SAVE_OPTIONS,
    { flags: '--detailed-exitcode', help: 'exit with 2 when there are changes' },
    { flags: '--no-interactive', help: 'print text also on a terminal' },
  ],
};

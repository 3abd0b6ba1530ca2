// What `kubeplan verify` takes; verify.ts does it.
import type { CommandSpec } from '../command.ts';
import { CLUSTER_OPTIONS, KUBERNETES_OPTIONS } from '../options.ts';

export const verifySpec: CommandSpec = {
  name: 'verify',
  summary: 'Say whether a saved plan still fits a newer description of the cluster.',
  examples: ['verify plan.json --cluster cluster-now.yaml', 'verify plan.json --cluster cluster-now.yaml -o json'],
  arguments: [{ name: '<plan>', help: 'a plan saved with --out or -o json=FILE; - reads standard input' }],
  options: [
    ...CLUSTER_OPTIONS,
    ...KUBERNETES_OPTIONS,
    { flags: '-o, --output <format>', help: 'how to say it', choices: ['text', 'json'], default: 'text' },
  ],
};

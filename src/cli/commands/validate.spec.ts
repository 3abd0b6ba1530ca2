// What `kubeplan validate` takes; validate.ts does it.
import type { CommandSpec } from '../command.ts';
import { CLUSTER_OPTIONS, FILE_OPTIONS, GATE_OPTIONS } from '../options.ts';

export const validateSpec: CommandSpec = {
  name: 'validate',
  summary: 'Say what the API server would say to these manifests, object by object.',
  examples: ['validate -f deploy/', 'validate -f - < rendered-by-helm.yaml', 'validate -f deploy/ -o json'],
  options: [
    ...FILE_OPTIONS,
    ...CLUSTER_OPTIONS,
    {
      flags: '--kubernetes-version <version...>',
      help: 'Kubernetes versions to decide as: 1.34, 1.35, 1.36; repeatable',
    },
    {
      flags: '-o, --output <format...>',
      help: 'text, json, sarif, junit, github, gitlab or tap, with =FILE to write a file; repeatable',
    },
    {
      flags: '--validate <mode>',
      help: 'what to do with unknown and duplicate fields',
      choices: ['strict', 'warn', 'ignore'],
      default: 'strict',
    },
    ...GATE_OPTIONS,
    {
      flags: '--ignore-missing-references',
      help: 'say nothing of objects that are named and are neither among the manifests nor in the described cluster',
    },
    { flags: '--ignore-missing-schemas', help: 'skip kinds that Kubernetes does not serve, and count them' },
  ],
};

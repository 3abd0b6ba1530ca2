// What `kubeplan schema` takes; schema.ts does it.
import type { CommandSpec } from '../command.ts';
import { KUBERNETES_OPTIONS } from '../options.ts';

export const schemaSpec: CommandSpec = {
  name: 'schema',
  summary: 'Print the JSON Schema of a document (plan, explain, cluster or config) or of a kind of Kubernetes.',
  examples: ['schema plan', 'schema cluster', 'schema deployment --strict', 'schema cronjobs.v1.batch'],
  arguments: [
    {
      name: '<document>',
      help: 'plan, explain, cluster or config, or a kind: deployment, deployments.apps, apps/v1/Deployment',
      completes: ['plan', 'explain', 'cluster', 'config'],
    },
  ],
  options: [...KUBERNETES_OPTIONS, { flags: '--strict', help: 'of a kind: refuse fields that it does not have' }],
};

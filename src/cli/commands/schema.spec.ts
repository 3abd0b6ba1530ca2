// What `kubeplan schema` takes; schema.ts does it.
import type { CommandSpec } from '../command.ts';

export const schemaSpec: CommandSpec = {
  name: 'schema',
  summary: 'Print the JSON Schema of a document: plan, explain, cluster or config.',
  examples: ['schema plan', 'schema explain', 'schema cluster', 'schema config'],
  arguments: [
    {
      name: '<document>',
      help: 'plan, explain, cluster or config',
      completes: ['plan', 'explain', 'cluster', 'config'],
    },
  ],
  options: [],
};

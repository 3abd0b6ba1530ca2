// What `kubeplan schema` takes; schema.ts does it.
import type { CommandSpec } from '../command.ts';

export const schemaSpec: CommandSpec = {
  name: 'schema',
  summary: 'Print the JSON Schema of a document: plan, explain, or cluster.',
  examples: ['schema plan', 'schema explain', 'schema cluster'],
  arguments: [{ name: '<document>', help: 'plan, explain or cluster' }],
  options: [],
};

// What `kubeplan schema` takes; schema.ts does it.
import type { CommandSpec } from '../command.ts';

export const schemaSpec: CommandSpec = {
  name: 'schema',
  summary: 'Print the JSON Schema of a document: plan, or cluster.',
  examples: ['schema plan', 'schema cluster'],
  arguments: [{ name: '<document>', help: 'plan or cluster' }],
  options: [],
};

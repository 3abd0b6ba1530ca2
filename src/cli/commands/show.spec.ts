// What `kubeplan show` takes; show.ts does it.
import type { CommandSpec } from '../command.ts';
import { OUTPUT_OPTIONS } from '../options.ts';

export const showSpec: CommandSpec = {
  name: 'show',
  summary: 'Show a saved plan again, in any output.',
  examples: ['show plan.json', 'show plan.json -o yaml'],
  arguments: [{ name: '<plan>', help: 'file written by `kubeplan plan --out` or -o json', completes: 'files' }],
  options: [...OUTPUT_OPTIONS, { flags: '--no-interactive', help: 'print text also on a terminal' }],
};

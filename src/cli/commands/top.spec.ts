// What `kubeplan top` takes; top.ts does it.
import type { CommandSpec } from '../command.ts';
import { kubectlOptions, LOOK_OPTIONS } from '../kubectl/questions/look-options.ts';
import { TOP_FLAGS } from '../kubectl/questions/top-flags.ts';

export const topSpec: CommandSpec = {
  name: 'top',
  summary: 'Show described metrics as kubectl top does.',
  examples: ['top pods -A --cluster cluster.yaml'],
  arguments: [{ name: '[argument...]', help: 'nodes or pods, and a name' }],
  options: [...LOOK_OPTIONS, ...kubectlOptions(TOP_FLAGS)],
};

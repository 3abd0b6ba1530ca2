// What `kubeplan describe` takes; describe.ts does it.
import type { CommandSpec } from '../command.ts';
import { DESCRIBE_FLAGS } from '../kubectl/questions/describe-flags.ts';
import { kubectlOptions, LOOK_OPTIONS } from '../kubectl/questions/look-options.ts';

export const describeSpec: CommandSpec = {
  name: 'describe',
  summary: 'Describe objects of the planned cluster as kubectl describe does.',
  examples: ['describe pod web -f deploy/ --cluster cluster.yaml'],
  arguments: [{ name: '[argument...]', help: 'TYPE, TYPE/NAME, TYPE NAME or TYPE PREFIX', completes: 'kinds' }],
  options: [...LOOK_OPTIONS, ...kubectlOptions(DESCRIBE_FLAGS)],
};

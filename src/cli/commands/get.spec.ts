// What `kubeplan get` takes; get.ts does it.
import type { CommandSpec } from '../command.ts';
import { GET_FLAGS } from '../kubectl/questions/get-flags.ts';
import { kubectlOptions, LOOK_OPTIONS } from '../kubectl/questions/look-options.ts';

export const getSpec: CommandSpec = {
  name: 'get',
  summary: 'Show objects of the planned cluster as kubectl get does.',
  examples: [
    'get pods -o wide -f deploy/ --cluster cluster.yaml',
    'get all -A --cluster cluster.yaml',
    'get deploy web -o yaml -f deploy/ --current',
  ],
  arguments: [
    {
      name: '[argument...]',
      help: 'TYPE, TYPE/NAME or TYPE NAME...; several types joined by commas',
      completes: 'kinds',
    },
  ],
  options: [...LOOK_OPTIONS, ...kubectlOptions(GET_FLAGS)],
};

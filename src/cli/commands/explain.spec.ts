// What `kubeplan explain` takes; explain.ts does it.
import type { CommandSpec } from '../command.ts';
import { CLUSTER_OPTIONS, FILE_OPTIONS, KUBERNETES_OPTIONS } from '../options.ts';

export const explainSpec: CommandSpec = {
  name: 'explain',
  summary: 'Say why pods are where they are, why they wait, and what would have to change.',
  examples: [
    'explain pod/web-0 -f deploy/ --cluster cluster.yaml',
    'explain deployment/web -f deploy/ --cluster cluster.yaml',
    'explain -f deploy/ --cluster cluster.yaml',
  ],
  arguments: [
    {
      name: '[subject...]',
      help: 'pod/NAME, or a workload whose pods are meant, as deployment/web; none: all pods that wait',
    },
  ],
  options: [
    ...FILE_OPTIONS,
    ...CLUSTER_OPTIONS,
    ...KUBERNETES_OPTIONS,
    { flags: '-o, --output <format...>', help: 'text or json, with =FILE to write a file; repeatable' },
    { flags: '--color <when>', help: 'colour in text', choices: ['auto', 'always', 'never'], default: 'auto' },
    { flags: '--full', help: 'show every node' },
  ],
};

// What `kubeplan config` takes; config.ts does it.
import type { CommandSpec } from '../command.ts';

export const configSpec: CommandSpec = {
  name: 'config',
  summary: 'Show every setting and where its value comes from: flag, environment, configuration file or default.',
  examples: ['config', 'config plan', 'config validate --config ci/kubeplan.yaml'],
  arguments: [
    { name: '[command]', help: 'the command whose settings to show; plan when absent', completes: 'commands' },
  ],
  options: [],
};

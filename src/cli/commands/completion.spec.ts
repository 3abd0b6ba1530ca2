// What `kubeplan completion` takes; completion.ts does it.
import type { CommandSpec } from '../command.ts';
import { SHELLS } from '../completion/scripts.ts';

export const completionSpec: CommandSpec = {
  name: 'completion',
  summary: 'Print the completion of a shell: bash, zsh or fish.',
  examples: [
    'completion bash > /etc/bash_completion.d/kubeplan',
    'completion zsh > ~/.zsh/completions/_kubeplan',
    'completion fish > ~/.config/fish/completions/kubeplan.fish',
  ],
  arguments: [{ name: '<shell>', help: 'bash, zsh or fish', completes: SHELLS }],
  options: [],
};

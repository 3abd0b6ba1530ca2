// What `kubeplan events` takes; events.ts does it.
import type { CommandSpec } from '../command.ts';
import { EVENTS_FLAGS } from '../kubectl/questions/events-flags.ts';
import { kubectlOptions, LOOK_OPTIONS } from '../kubectl/questions/look-options.ts';

export const eventsSpec: CommandSpec = {
  name: 'events',
  summary: 'List events of the planned cluster as kubectl events does.',
  examples: ['events --types=Warning -f deploy/ --cluster cluster.yaml', 'events --for deploy/web -f deploy/'],
  options: [...LOOK_OPTIONS, ...kubectlOptions(EVENTS_FLAGS)],
};

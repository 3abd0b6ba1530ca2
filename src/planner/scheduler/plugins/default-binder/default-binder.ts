// Binds a pod to the node that was chosen.
// Behaviour: pkg/scheduler/framework/plugins/defaultbinder, Kubernetes v1.36.3.
import type { BindPlugin } from '../../framework/plugin.ts';
import { errorStatus } from '../../framework/status.ts';

export const defaultBinder = {
  name: 'DefaultBinder',
  bind(pod, nodeName, writer) {
    const { ok, message = '' } = writer.bind(pod, nodeName);
    return ok ? undefined : errorStatus(message);
  },
} satisfies BindPlugin;

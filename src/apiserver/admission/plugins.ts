// The admission plugins that are on by default, in the order in which they run.
// Behaviour: pkg/kubeapiserver/options/plugins.go (AllOrderedPlugins, DefaultOffAdmissionPlugins), Kubernetes v1.36.3.
import type { AdmissionPlugin } from './plugin.ts';

export const ADMISSION_PLUGINS: readonly AdmissionPlugin[] = [];

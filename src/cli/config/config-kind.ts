// How a configuration file calls itself.
export const CONFIG_KIND = 'Configuration';
export const CONFIG_API_VERSION = 'kubeplan.dev/v1';

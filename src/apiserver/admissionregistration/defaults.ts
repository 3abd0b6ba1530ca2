// What webhooks and admission policies get where their authors say nothing.
// Behaviour: pkg/apis/admissionregistration/v1/defaults.go, Kubernetes v1.36.3.
import type {
  MatchResources,
  MutatingWebhook,
  Rule,
  ValidatingWebhook,
} from '../../schema/generated/types/admissionregistration-v1.ts';

const SERVICE_PORT = 443;
const TIMEOUT_SECONDS = 10;

export const FAILURE_POLICY = 'Fail';
export const REINVOCATION_POLICY = 'Never';

const MATCH = { matchPolicy: 'Equivalent', namespaceSelector: {}, objectSelector: {} } as const;

export function defaultWebhook<W extends ValidatingWebhook | MutatingWebhook>(webhook: W): W {
  const { clientConfig, rules } = webhook;
  const { service } = clientConfig;
  return {
    failurePolicy: FAILURE_POLICY,
    timeoutSeconds: TIMEOUT_SECONDS,
    ...MATCH,
    ...webhook,
    ...(service ? { clientConfig: { ...clientConfig, service: { port: SERVICE_PORT, ...service } } } : {}),
    ...(rules ? { rules: rules.map(defaultRule) } : {}),
  };
}

export function defaultMatchResources(match: MatchResources): MatchResources {
  const { resourceRules, excludeResourceRules } = match;
  return {
    ...MATCH,
    ...match,
    ...(resourceRules ? { resourceRules: resourceRules.map(defaultRule) } : {}),
    ...(excludeResourceRules ? { excludeResourceRules: excludeResourceRules.map(defaultRule) } : {}),
  };
}

function defaultRule<R extends Rule>(rule: R): R {
  return rule.scope === undefined ? { ...rule, scope: '*' } : rule;
}

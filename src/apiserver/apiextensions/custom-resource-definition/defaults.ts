// Defaults of CustomResourceDefinitions.
// Behaviour: [apiextensions-apiserver]/pkg/apis/apiextensions/v1/defaults.go, Kubernetes v1.36.3.
import type {
  CustomResourceConversion,
  CustomResourceDefinition,
} from '../../../schema/generated/types/apiextensions-v1.ts';

const WEBHOOK_PORT = 443;

export function applyDefinitionDefaults(crd: CustomResourceDefinition): CustomResourceDefinition {
  const { names, conversion = { strategy: 'None' } } = crd.spec;
  const singular = names.singular || names.kind.toLowerCase();
  const listKind = names.listKind || (names.kind === '' ? '' : `${names.kind}List`);
  const stored = crd.spec.versions?.find(({ storage }) => storage);
  const storesNone = (crd.status.storedVersions?.length ?? 0) === 0;
  return {
    ...crd,
    spec: {
      ...crd.spec,
      names: { ...names, ...(singular === '' ? {} : { singular }), ...(listKind === '' ? {} : { listKind }) },
      conversion: withPort(conversion),
    },
    ...(storesNone && stored ? { status: { ...crd.status, storedVersions: [stored.name] } } : {}),
  };
}

function withPort(conversion: CustomResourceConversion): CustomResourceConversion {
  const service = conversion.webhook?.clientConfig?.service;
  if (!conversion.webhook || !service || service.port !== undefined) return conversion;
  const clientConfig = { ...conversion.webhook.clientConfig, service: { ...service, port: WEBHOOK_PORT } };
  return { ...conversion, webhook: { ...conversion.webhook, clientConfig } };
}

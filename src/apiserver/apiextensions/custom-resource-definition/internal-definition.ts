// A definition as its validators see it: what all versions share stands at the top, and only there.
// Behaviour: [apiextensions-apiserver]/pkg/apis/apiextensions/v1/conversion.go, Kubernetes v1.36.3.
import { semanticDeepEqual } from '../../../apimachinery/deep-equal.ts';
import type {
  CustomResourceColumnDefinition,
  CustomResourceDefinitionNames,
  CustomResourceDefinitionSpec,
  CustomResourceDefinitionVersion,
  CustomResourceSubresources,
  CustomResourceValidation,
  JSONSchemaProps,
  SelectableField,
  WebhookClientConfig,
} from '../../../schema/generated/types/apiextensions-v1.ts';

/** What a version says, or the definition for all of them. */
interface VersionParts {
  readonly schema: CustomResourceValidation | undefined;
  readonly subresources: CustomResourceSubresources | undefined;
  readonly additionalPrinterColumns: readonly CustomResourceColumnDefinition[] | undefined;
  readonly selectableFields: readonly SelectableField[] | undefined;
}

export interface InternalVersion extends VersionParts {
  readonly name: string;
  readonly served: boolean;
  readonly storage: boolean;
  readonly deprecated: boolean;
  readonly deprecationWarning: string | undefined;
}

export interface InternalConversion {
  readonly strategy: string;
  readonly webhookClientConfig: WebhookClientConfig | undefined;
  readonly conversionReviewVersions: readonly string[] | undefined;
}

export interface InternalSpec extends VersionParts {
  readonly group: string;
  readonly names: CustomResourceDefinitionNames;
  readonly scope: string;
  /** The name of the first version. */
  readonly version: string;
  readonly versions: readonly InternalVersion[];
  /** Undefined where the manifest has no list at all. */
  readonly hasVersionList: boolean;
  readonly preserveUnknownFields: boolean;
  readonly conversion: InternalConversion | undefined;
}

export function internalSpec(spec: CustomResourceDefinitionSpec): InternalSpec {
  const given = spec.versions ?? [];
  const shared = {
    schema: sharedPart(given, 'schema'),
    subresources: sharedPart(given, 'subresources'),
    additionalPrinterColumns: sharedPart(given, 'additionalPrinterColumns'),
    selectableFields: sharedPart(given, 'selectableFields'),
  };
  return {
    group: spec.group,
    names: spec.names,
    scope: spec.scope,
    version: given[0]?.name ?? '',
    hasVersionList: spec.versions !== undefined,
    versions: given.map((version) => ({
      name: version.name,
      served: version.served,
      storage: version.storage,
      deprecated: version.deprecated ?? false,
      deprecationWarning: version.deprecationWarning,
      schema: shared.schema.isShared ? undefined : version.schema,
      subresources: shared.subresources.isShared ? undefined : version.subresources,
      additionalPrinterColumns: shared.additionalPrinterColumns.isShared ? undefined : version.additionalPrinterColumns,
      selectableFields: shared.selectableFields.isShared ? undefined : version.selectableFields,
    })),
    schema: shared.schema.value,
    subresources: shared.subresources.value,
    additionalPrinterColumns: shared.additionalPrinterColumns.value,
    selectableFields: shared.selectableFields.value,
    preserveUnknownFields: spec.preserveUnknownFields ?? false,
    conversion: spec.conversion && {
      strategy: spec.conversion.strategy,
      webhookClientConfig: spec.conversion.webhook?.clientConfig,
      conversionReviewVersions: spec.conversion.webhook?.conversionReviewVersions,
    },
  };
}

function sharedPart<K extends keyof VersionParts>(
  versions: readonly CustomResourceDefinitionVersion[],
  part: K,
): { readonly isShared: boolean; readonly value: CustomResourceDefinitionVersion[K] | undefined } {
  const first = versions[0]?.[part];
  const isShared = versions.every((version) => semanticDeepEqual(version[part], first));
  return { isShared, value: isShared ? first : undefined };
}

/** The schema that holds for a version. */
export function schemaOfVersion(spec: InternalSpec, name: string): JSONSchemaProps | undefined {
  if (!spec.versions.some(({ schema }) => schema)) return spec.schema?.openAPIV3Schema;
  return spec.versions.find((version) => version.name === name)?.schema?.openAPIV3Schema;
}

/** All schemas, the shared one first. */
export function schemasOf({ schema, versions }: InternalSpec): readonly JSONSchemaProps[] {
  return [schema, ...versions.map((version) => version.schema)].flatMap((each) => each?.openAPIV3Schema ?? []);
}

// What the server remarks on a definition: formats that it does not know.
// Behaviour: [apiextensions-apiserver]/pkg/registry/customresourcedefinition/strategy.go, Kubernetes v1.36.3.
import { goQuote } from '../../../apimachinery/go/quote.ts';
import type { CustomResourceDefinition } from '../../../schema/generated/types/apiextensions-v1.ts';
import { isRecognizedFormat } from '../../custom-resources/validation/formats.ts';
import { internalSpec, schemasOf } from './internal-definition.ts';
import { someSchema } from './schema-visitor.ts';

export function formatWarnings(crd: CustomResourceDefinition, old?: CustomResourceDefinition): readonly string[] {
  const before = new Set(old ? unrecognizedFormats(old) : []);
  return unrecognizedFormats(crd)
    .filter((format) => !before.has(format))
    .map((format) => `unrecognized format ${goQuote(format)}`);
}

function unrecognizedFormats({ spec }: CustomResourceDefinition): readonly string[] {
  const found: string[] = [];
  for (const schema of schemasOf(internalSpec(spec)))
    someSchema(schema, ({ format = '', type = '' }) => {
      if (format !== '' && !isRecognizedFormat(format, type)) found.push(format);
      return false;
    });
  return found;
}

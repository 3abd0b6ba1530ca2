// Checks a document against a JSON Schema: plans, clusters, configuration files, and Kubernetes objects where no server is meant.
import { Ajv, type ErrorObject } from 'ajv';
import formats from 'ajv-formats';
import { parseQuantity } from '../apimachinery/quantity/quantity.ts';
import type { JsonSchema } from './definitions.ts';

interface SchemaProblem {
  /** Where in the document: `spec.nodes[2].name`; the empty text is the document itself. */
  readonly path: string;
  readonly keyword: string;
  readonly message: string;
}

type SchemaCheck = (document: unknown) => readonly SchemaProblem[];

const kubernetesKeywords = [
  'x-kubernetes-embedded-resource',
  'x-kubernetes-group-version-kind',
  'x-kubernetes-int-or-string',
  'x-kubernetes-list-map-keys',
  'x-kubernetes-list-type',
  'x-kubernetes-map-type',
  'x-kubernetes-patch-merge-key',
  'x-kubernetes-patch-strategy',
  'x-kubernetes-preserve-unknown-fields',
  'x-kubernetes-scope',
  'x-kubernetes-unions',
  'x-kubernetes-validations',
];

let shared: Ajv | undefined;

function createAjv(): Ajv {
  // Each schema judges few documents, so that compiling it is most of the work. That they are schemas is for test/schema/ajv.test.ts.
  const ajv = new Ajv({
    allErrors: true,
    strict: false,
    allowUnionTypes: true,
    validateSchema: false,
    meta: false,
    code: { optimize: false },
  });
  formats.default(ajv);
  ajv.addFormat('int-or-string', true);
  ajv.addFormat('quantity', (text) => parseQuantity(text) !== undefined);
  for (const keyword of kubernetesKeywords) ajv.addKeyword(keyword);
  return ajv;
}

/** `/spec/nodes/2/name` as `spec.nodes[2].name`. */
function dottedPath(pointer: string): string {
  let out = '';
  for (const part of pointer.split('/').slice(1)) {
    const name = part.replaceAll('~1', '/').replaceAll('~0', '~');
    if (/^\d+$/.test(name)) out += `[${name}]`;
    else out += out === '' ? name : `.${name}`;
  }
  return out;
}

function problemOf(error: ErrorObject): SchemaProblem {
  const { keyword, params } = error;
  let message = error.message ?? keyword;
  if (keyword === 'additionalProperties') message = `unknown property "${params['additionalProperty']}"`;
  if (keyword === 'enum')
    message = `must be one of ${(params['allowedValues'] as readonly unknown[]).map((value) => JSON.stringify(value)).join(', ')}`;
  return { path: dottedPath(error.instancePath), keyword, message };
}

/** Compiles a schema; the check answers every problem, in the order in which the schema states its rules. */
export function compileSchema(schema: JsonSchema): SchemaCheck {
  shared ??= createAjv();
  const validate = shared.compile(schema);
  return (document) => (validate(document) ? [] : (validate.errors ?? []).map(problemOf));
}

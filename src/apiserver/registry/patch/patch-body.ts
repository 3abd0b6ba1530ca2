// The body of a patch before it is applied: what cannot be read, and what strict field validation objects to.
// Behaviour: [apiserver]/pkg/endpoints/handlers/patch.go (applyJSPatch, strategicPatchObject), sigs.k8s.io/json, Kubernetes v1.36.3.
import { badRequest, type Status } from '../../../apimachinery/status.ts';
import { describeValue } from '../../../schema/decode/decode-run.ts';
import { repeatedFields } from '../../../schema/decode/repeated-fields.ts';
import type { PatchBody } from '../../request.ts';

export type PatchBodyCheck = { readonly strictErrors: readonly string[] } | { readonly status: Status };

const DECODING_PATCH = 'error decoding patch: ';
const OPERATION_FIELDS = ['op', 'path', 'from', 'value'];
const OPERATION_TYPE = 'jsonPatchOp';

export function checkMergePatchBody(body: PatchBody, isStrict: boolean, isMerge: boolean): PatchBodyCheck {
  const prefix = isMerge ? DECODING_PATCH : '';
  if (body.error !== undefined)
    return { status: badRequest(isMerge && !isStrict ? 'Invalid JSON Patch' : prefix + body.error) };
  const { value } = body.tree;
  if (value !== null && (typeof value !== 'object' || Array.isArray(value)) && (isStrict || !isMerge)) {
    const text = `json: cannot unmarshal ${describeValue(value)} into Go value of type map[string]interface {}`;
    return { status: badRequest(prefix + text) };
  }
  return { strictErrors: isStrict ? repeatedFields(body.tree) : [] };
}

export function checkJsonPatchBody(body: PatchBody, isStrict: boolean): PatchBodyCheck {
  if (body.error !== undefined) return { status: badRequest(isStrict ? DECODING_PATCH + body.error : body.error) };
  if (!isStrict) return { strictErrors: [] };
  const { value } = body.tree;
  if (value === null) return { strictErrors: [] };
  if (!Array.isArray(value))
    return {
      status: badRequest(
        `${DECODING_PATCH}json: cannot unmarshal ${describeValue(value)} into Go value of type []handlers.jsonPatchOp`,
      ),
    };
  const wrong = value.map(wrongOperation).find((error) => error !== undefined);
  if (wrong !== undefined) return { status: badRequest(DECODING_PATCH + wrong) };
  const unknown = value.flatMap((step: unknown, i) =>
    Object.keys((step ?? {}) as object)
      .filter((key) => !OPERATION_FIELDS.includes(key))
      .map((key) => `unknown field "[${i}].${key}"`),
  );
  return { strictErrors: [...repeatedFields(body.tree), ...unknown].map((error) => `json patch ${error}`) };
}

function wrongOperation(step: unknown): string | undefined {
  if (step === null) return undefined;
  if (typeof step !== 'object' || Array.isArray(step))
    return `json: cannot unmarshal ${describeValue(step)} into Go value of type handlers.jsonPatchOp`;
  for (const field of ['op', 'path', 'from']) {
    const value = (step as Readonly<Record<string, unknown>>)[field];
    if (value !== undefined && value !== null && typeof value !== 'string')
      return `json: cannot unmarshal ${describeValue(value)} into Go struct field ${OPERATION_TYPE}.${field} of type string`;
  }
  return undefined;
}

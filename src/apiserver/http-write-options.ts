// The query of a writing request: what it may say, what it means, and who writes when it says nobody.
// Behaviour: [apimachinery]/pkg/apis/meta/v1/validation (Validate{Create,Update,Patch}Options),
// [apiserver]/pkg/endpoints/handlers/create.go (managerOrUserAgent), Kubernetes v1.36.3.
import { byteLength } from '../apimachinery/go/utf8.ts';
import { newInvalid, type Status } from '../apimachinery/status.ts';
import { validatePatchOptions, validateWriteOptions } from '../apimachinery/validation/managed-fields.ts';
import type { FieldValidation } from './request.ts';

export interface WriteQuery {
  readonly fieldManager?: string;
  readonly force?: boolean;
  readonly dryRun?: readonly string[];
  readonly fieldValidation?: string;
}

export type OptionsKind = 'CreateOptions' | 'UpdateOptions' | 'PatchOptions';

const META_GROUP = 'meta.k8s.io';
const FIELD_MANAGER_MAX_LENGTH = 128;
const PRINTABLE = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u;

export function refusedQuery(query: WriteQuery, kind: OptionsKind, isApply: boolean): Status | undefined {
  const errors = kind === 'PatchOptions' ? validatePatchOptions(query, isApply) : validateWriteOptions(query);
  return errors.length > 0 ? newInvalid({ group: META_GROUP, kind }, '', errors) : undefined;
}

/** Without a word the server warns of what strict validation would refuse. */
export function fieldValidationOf({ fieldValidation }: WriteQuery): FieldValidation {
  return fieldValidation === 'Strict' || fieldValidation === 'Ignore' ? fieldValidation : 'Warn';
}

/** The manager that the query names, or the user agent up to its first slash. */
export function fieldManagerOf({ fieldManager }: WriteQuery, userAgent: string): string {
  if (fieldManager) return fieldManager;
  let prefix = '';
  let bytes = 0;
  for (const char of userAgent.split('/')[0] ?? '') {
    if (!PRINTABLE.test(char)) continue;
    bytes += byteLength(char);
    if (bytes > FIELD_MANAGER_MAX_LENGTH) break;
    prefix += char;
  }
  return prefix;
}

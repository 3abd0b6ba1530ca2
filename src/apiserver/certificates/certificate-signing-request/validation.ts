// Whether a CertificateSigningRequest may be stored, and who may change what of it.
// Behaviour: pkg/apis/certificates/validation/validation.go, Kubernetes v1.36.3.
// Differs: the request's signature is not verified; see ../der.ts for how far requests and certificates are read.
import {
  duplicate,
  type FieldError,
  forbidden,
  GoValue,
  invalid,
  namedString,
  notSupported,
  required,
} from '../../../apimachinery/field-error.ts';
import { FieldPath } from '../../../apimachinery/field-path.ts';
import { pemBlocks } from '../../../apimachinery/go/pem.ts';
import { goQuote } from '../../../apimachinery/go/quote.ts';
import type {
  CertificateSigningRequest,
  CertificateSigningRequestCondition,
} from '../../../schema/generated/types/certificates-v1.ts';
import { validateSignerName } from '../../core/pod-spec/validation/name.ts';
import { signedSequenceError } from '../signed-sequence.ts';

const BLOCK_TYPE = 'PEM block type must be CERTIFICATE REQUEST';
const LEGACY_SIGNER = 'the legacy signerName is not allowed via this API version';
const EXPIRES_TOO_SOON = 'may not specify a duration less than 600 seconds (10 minutes)';
const APPROVED_AND_DENIED = 'Approved and Denied conditions are mutually exclusive';
const HEADERS = 'no PEM block headers are permitted';
const A_CERTIFICATE = 'must contain at least one CERTIFICATE PEM block';
const SETS_CERTIFICATE = 'updates may not set certificate content';
const CHANGES_CERTIFICATE = 'updates may not modify existing certificate content';

const LEGACY_UNKNOWN = 'kubernetes.io/legacy-unknown';
const MIN_EXPIRATION_SECONDS = 600;

const SPEC = FieldPath.of('spec');
const CONDITIONS = FieldPath.of('status', 'conditions');
const CERTIFICATE = FieldPath.of('status', 'certificate');
const CERTIFICATE_VALUE = '<certificate data>';

const usages = [
  'any',
  'cert sign',
  'client auth',
  'code signing',
  'content commitment',
  'crl sign',
  'data encipherment',
  'decipher only',
  'digital signature',
  'email protection',
  'encipher only',
  'ipsec end system',
  'ipsec tunnel',
  'ipsec user',
  'key agreement',
  'key encipherment',
  'microsoft sgc',
  'netscape sgc',
  'ocsp signing',
  's/mime',
  'server auth',
  'signing',
  'timestamping',
];

/** These are only ever true. */
const terminalConditions = ['Approved', 'Denied', 'Failed'];
const statuses = ['False', 'True', 'Unknown'];

/** By which door a request comes in. */
type Door = 'main' | 'status' | 'approval';

type Request = CertificateSigningRequest;

export function validateRequest(request: Request, old?: Request): readonly FieldError[] {
  const errors: FieldError[] = [];
  const { spec, status } = request;
  const wrong = requestError(spec.request ?? '');
  if (wrong !== undefined) {
    const value = new GoValue(spec.request === undefined ? 'null' : `"${spec.request}"`);
    errors.push(invalid(SPEC.child('request'), value, wrong));
  }
  validateUsages(spec.usages ?? [], old?.spec.usages ?? [], errors);
  const signerPath = SPEC.child('signerName');
  if (spec.signerName === LEGACY_UNKNOWN && old?.spec.signerName !== LEGACY_UNKNOWN) {
    errors.push(invalid(signerPath, spec.signerName, LEGACY_SIGNER));
  } else validateSignerName(spec.signerName ?? '', signerPath, errors);
  const { expirationSeconds } = spec;
  if (expirationSeconds !== undefined && expirationSeconds < MIN_EXPIRATION_SECONDS) {
    errors.push(invalid(SPEC.child('expirationSeconds'), expirationSeconds, EXPIRES_TOO_SOON));
  }
  validateConditions(status.conditions ?? [], old?.status.conditions ?? [], errors);
  const mayBeAnything =
    old !== undefined &&
    (status.certificate === old.status.certificate || certificateError(old.status.certificate) !== undefined);
  const unreadable = mayBeAnything ? undefined : certificateError(status.certificate);
  if (unreadable !== undefined) errors.push(invalid(CERTIFICATE, CERTIFICATE_VALUE, unreadable));
  return errors;
}

function requestError(base64: string): string | undefined {
  const [block] = pemBlocks(base64);
  return block?.type === 'CERTIFICATE REQUEST' ? signedSequenceError(block.bytes) : BLOCK_TYPE;
}

function certificateError(base64: string | undefined): string | undefined {
  if (!base64) return undefined;
  const blocks = pemBlocks(base64);
  for (const { type, hasHeaders, bytes } of blocks) {
    if (type !== 'CERTIFICATE') return `only CERTIFICATE PEM blocks are allowed, found ${goQuote(type)}`;
    if (hasHeaders) return HEADERS;
    const wrong = signedSequenceError(bytes);
    if (wrong !== undefined) return wrong;
  }
  return blocks.length === 0 ? A_CERTIFICATE : undefined;
}

function hasDuplicates(values: readonly string[]): boolean {
  return new Set(values).size < values.length;
}

function validateUsages(given: readonly string[], old: readonly string[], errors: FieldError[]): void {
  const path = SPEC.child('usages');
  if (given.length === 0) errors.push(required(path, ''));
  if (old.every((usage) => usages.includes(usage))) {
    given.forEach((usage, i) => {
      if (!usages.includes(usage)) errors.push(notSupported(path.index(i), namedString(usage), usages));
    });
  }
  if (hasDuplicates(old)) return;
  given.forEach((usage, i) => {
    if (given.indexOf(usage) < i) errors.push(duplicate(path.index(i), namedString(usage)));
  });
}

type Conditions = readonly CertificateSigningRequestCondition[];

function validateConditions(conditions: Conditions, old: Conditions, errors: FieldError[]): void {
  const oldTypes = old.map(({ type }) => type);
  const types = conditions.map(({ type = '' }) => type);
  const hadBoth = oldTypes.includes('Approved') && oldTypes.includes('Denied');
  conditions.forEach(({ type = '', status = '' }, i) => {
    const typePath = CONDITIONS.index(i).child('type');
    const statusPath = CONDITIONS.index(i).child('status');
    if (type === '' && !oldTypes.includes('')) errors.push(required(typePath, ''));
    const allowed = terminalConditions.includes(type) ? ['True'] : statuses;
    if (status === '') errors.push(required(statusPath, ''));
    else if (!allowed.includes(status)) errors.push(notSupported(statusPath, namedString(status), allowed));
    const opposite = type === 'Approved' ? 'Denied' : 'Approved';
    const isDecision = type === 'Approved' || type === 'Denied';
    if (!hadBoth && isDecision && types.slice(0, i).includes(opposite)) {
      errors.push(invalid(CONDITIONS, namedString(type), APPROVED_AND_DENIED));
    }
    if (!hasDuplicates(oldTypes) && types.indexOf(type) < i) errors.push(duplicate(typePath, namedString(type)));
  });
}

export function validateRequestUpdate(request: Request, old: Request, door: Door): readonly FieldError[] {
  const errors = [...validateRequest(request, old)];
  const count = ({ status }: Request, type: string) =>
    (status.conditions ?? []).filter((condition) => condition.type === type).length;
  for (const type of terminalConditions) {
    if (count(request, type) < count(old, type)) {
      errors.push(forbidden(CONDITIONS, `updates may not remove a condition of type ${goQuote(type)}`));
    }
  }
  if (door !== 'approval') {
    // Those that stay are the old ones: the strategy has seen to it.
    for (const type of ['Approved', 'Denied']) {
      if (count(request, type) > count(old, type)) {
        errors.push(forbidden(CONDITIONS, `updates may not add a condition of type ${goQuote(type)}`));
      }
    }
  }
  if ((request.status.certificate ?? '') !== (old.status.certificate ?? '')) {
    if (door !== 'status') errors.push(forbidden(CERTIFICATE, SETS_CERTIFICATE));
    else if (old.status.certificate) errors.push(forbidden(CERTIFICATE, CHANGES_CERTIFICATE));
  }
  return errors;
}

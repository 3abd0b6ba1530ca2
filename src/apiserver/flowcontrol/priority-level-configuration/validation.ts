// Whether a PriorityLevelConfiguration may be stored.
// Behaviour: pkg/apis/flowcontrol/validation/validation.go (ValidatePriorityLevelConfiguration and what it calls),
// [apiserver]/pkg/apis/flowcontrol/bootstrap/default.go (the mandatory ones), Kubernetes v1.36.3.
import { semanticDeepEqual } from '../../../apimachinery/deep-equal.ts';
import {
  type FieldError,
  forbidden,
  GoValue,
  invalid,
  namedString,
  notSupported,
  required,
} from '../../../apimachinery/field-error.ts';
import { FieldPath } from '../../../apimachinery/field-path.ts';
import { goMarshalInOrder } from '../../../apimachinery/go/json.ts';
import type {
  ExemptPriorityLevelConfiguration,
  LimitedPriorityLevelConfiguration,
  LimitResponse,
  PriorityLevelConfiguration,
  PriorityLevelConfigurationSpec,
  QueuingConfiguration,
} from '../../../schema/generated/types/flowcontrol-v1.ts';
import { validateConditions } from '../condition-validation.ts';

const ZERO_SHARES_ANNOTATION = 'flowcontrol.k8s.io/v1beta3-preserve-zero-concurrency-shares';
const EXEMPT_IFF_NAMED = "must be 'Exempt' if and only if `name` is 'exempt'";
const NOT_LIMITED = 'must be nil if the type is not Limited';
const LIMITED = 'must be nil if the type is Limited';
const A_LIMIT = 'must not be empty when type is Limited';
const NEGATIVE_SHARES = 'must be a non-negative integer';
const NOT_A_PERCENTAGE = 'must be between 0 and 100, inclusive';
const NEGATIVE_BORROWING = 'if specified, must be a non-negative integer';
const NOTHING_TO_QUEUE = 'must be nil if limited.limitResponse.type is not Limited';
const A_QUEUE = 'must not be empty if limited.limitResponse.type is Limited';
const NOT_POSITIVE = 'must be positive';

const MAX_QUEUES = 10_000_000;
const MAX_HASH_BITS = 60;

const SPEC = FieldPath.of('spec');

const levelTypes = ['Exempt', 'Limited'];
const responseTypes = ['Queue', 'Reject'];

const catchAll: PriorityLevelConfigurationSpec = {
  type: 'Limited',
  limited: { nominalConcurrencyShares: 5, limitResponse: { type: 'Reject' }, lendablePercent: 0 },
};

export function validatePriorityLevel({ metadata, spec, status }: PriorityLevelConfiguration): readonly FieldError[] {
  const errors: FieldError[] = [];
  const { name = '', annotations } = metadata;
  if (annotations?.[ZERO_SHARES_ANNOTATION] !== undefined) {
    const path = FieldPath.of('metadata', 'annotations');
    errors.push(forbidden(path, `annotation '${ZERO_SHARES_ANNOTATION}' is forbidden`));
  }
  validateSpec(spec, name, errors);
  validateMandatory(spec, name, errors);
  errors.push(...validateConditions(status));
  return errors;
}

function validateMandatory(spec: PriorityLevelConfigurationSpec, name: string, errors: FieldError[]): void {
  if (name === 'exempt' && (spec.type !== 'Exempt' || spec.limited)) {
    const detail = "spec of 'exempt' except the 'spec.exempt' field must equal the fixed value";
    errors.push(invalid(SPEC, specValue(spec), detail));
  }
  if (name === 'catch-all' && !semanticDeepEqual(spec, catchAll)) {
    errors.push(invalid(SPEC, specValue(spec), "spec of 'catch-all' must equal the fixed value"));
  }
}

function validateSpec(
  { type = '', limited, exempt }: PriorityLevelConfigurationSpec,
  name: string,
  errors: FieldError[],
): void {
  const typePath = SPEC.child('type');
  const limitedPath = SPEC.child('limited');
  const exemptPath = SPEC.child('exempt');
  if ((name === 'exempt') !== (type === 'Exempt')) {
    errors.push(invalid(typePath, namedString(type), EXEMPT_IFF_NAMED));
  }
  switch (type) {
    case 'Exempt':
      if (limited) errors.push(forbidden(limitedPath, NOT_LIMITED));
      if (exempt) validateExempt(exempt, exemptPath, errors);
      break;
    case 'Limited':
      if (exempt) errors.push(forbidden(exemptPath, LIMITED));
      if (limited) validateLimited(limited, limitedPath, errors);
      else errors.push(required(limitedPath, A_LIMIT));
      break;
    case '':
      errors.push(required(typePath, ''));
      break;
    default:
      errors.push(notSupported(typePath, namedString(type), levelTypes));
  }
}

function validateExempt(exempt: ExemptPriorityLevelConfiguration, path: FieldPath, errors: FieldError[]): void {
  const { nominalConcurrencyShares: shares, lendablePercent } = exempt;
  if (shares !== undefined && shares < 0) {
    errors.push(invalid(path.child('nominalConcurrencyShares'), shares, NEGATIVE_SHARES));
  }
  validatePercent(lendablePercent, path.child('lendablePercent'), errors);
}

function validatePercent(percent: number | undefined, path: FieldPath, errors: FieldError[]): void {
  if (percent !== undefined && (percent < 0 || percent > 100)) errors.push(invalid(path, percent, NOT_A_PERCENTAGE));
}

function validateLimited(limited: LimitedPriorityLevelConfiguration, path: FieldPath, errors: FieldError[]): void {
  const { nominalConcurrencyShares: shares = 0, limitResponse, lendablePercent, borrowingLimitPercent } = limited;
  if (shares < 0) errors.push(invalid(path.child('nominalConcurrencyShares'), shares, NEGATIVE_SHARES));
  validateResponse(limitResponse, path.child('limitResponse'), errors);
  validatePercent(lendablePercent, path.child('lendablePercent'), errors);
  if (borrowingLimitPercent !== undefined && borrowingLimitPercent < 0) {
    errors.push(invalid(path.child('borrowingLimitPercent'), borrowingLimitPercent, NEGATIVE_BORROWING));
  }
}

function validateResponse({ type = '', queuing }: LimitResponse, path: FieldPath, errors: FieldError[]): void {
  const queuingPath = path.child('queuing');
  switch (type) {
    case 'Reject':
      if (queuing) errors.push(forbidden(queuingPath, NOTHING_TO_QUEUE));
      break;
    case 'Queue':
      if (queuing) validateQueuing(queuing, queuingPath, errors);
      else errors.push(required(queuingPath, A_QUEUE));
      break;
    case '':
      errors.push(required(path.child('type'), ''));
      break;
    default:
      errors.push(notSupported(path.child('type'), namedString(type), responseTypes));
  }
}

function validateQueuing(
  { queues = 0, handSize = 0, queueLengthLimit = 0 }: QueuingConfiguration,
  path: FieldPath,
  errors: FieldError[],
): void {
  if (queueLengthLimit <= 0) errors.push(invalid(path.child('queueLengthLimit'), queueLengthLimit, NOT_POSITIVE));
  const queuesPath = path.child('queues');
  if (queues <= 0) errors.push(invalid(queuesPath, queues, NOT_POSITIVE));
  else if (queues > MAX_QUEUES) errors.push(invalid(queuesPath, queues, `must not be greater than ${MAX_QUEUES}`));
  const handPath = path.child('handSize');
  if (handSize <= 0) errors.push(invalid(handPath, handSize, NOT_POSITIVE));
  else if (handSize > queues) {
    errors.push(invalid(handPath, handSize, `should not be greater than queues (${queues})`));
  } else if (Math.ceil(Math.log2(queues) * handSize) > MAX_HASH_BITS) {
    const detail = `required entropy bits of deckSize ${queues} and handSize ${handSize} should not be greater than ${MAX_HASH_BITS}`;
    errors.push(invalid(handPath, handSize, detail));
  }
}

function specValue({ type, limited, exempt }: PriorityLevelConfigurationSpec): GoValue {
  return new GoValue(
    goMarshalInOrder({
      Type: type ?? '',
      Limited: limited ? internalLimited(limited) : null,
      Exempt: exempt
        ? {
            NominalConcurrencyShares: exempt.nominalConcurrencyShares ?? null,
            LendablePercent: exempt.lendablePercent ?? null,
          }
        : null,
    }),
  );
}

function internalLimited(limited: LimitedPriorityLevelConfiguration): object {
  const { type, queuing } = limited.limitResponse;
  return {
    NominalConcurrencyShares: limited.nominalConcurrencyShares ?? 0,
    LimitResponse: {
      Type: type ?? '',
      Queuing: queuing
        ? { Queues: queuing.queues, HandSize: queuing.handSize, QueueLengthLimit: queuing.queueLengthLimit }
        : null,
    },
    LendablePercent: limited.lendablePercent ?? null,
    BorrowingLimitPercent: limited.borrowingLimitPercent ?? null,
  };
}

// Whether an APIService may be stored: its name, priorities and the service behind it.
// Behaviour: [kube-aggregator]/pkg/apis/apiregistration/validation/validation.go, Kubernetes v1.36.3.
import { type FieldError, invalid, namedString, notSupported, required } from '../../../apimachinery/field-error.ts';
import { FieldPath } from '../../../apimachinery/field-path.ts';
import { bytesOf } from '../../../apimachinery/go/base64.ts';
import { goQuote } from '../../../apimachinery/go/quote.ts';
import type { ObjectMeta } from '../../../apimachinery/object.ts';
import {
  isDns1035Label,
  isDns1123Subdomain,
  isPathSegmentName,
  isValidPortNum,
} from '../../../apimachinery/validation/names.ts';
import type { APIService, APIServiceSpec } from '../../../schema/generated/types/apiregistration-v1.ts';

const ONLY_V1 = 'only v1 may have an empty group and it better be legacy kube';
const GROUP_PRIORITY = 'must be positive and less than 20000';
const VERSION_PRIORITY = 'must be positive and less than 1000';
const LOCAL_BUNDLE = 'local APIServices may not have a caBundle';
const LOCAL_INSECURE = 'local APIServices may not have insecureSkipTLSVerify';
const BUNDLE_AND_INSECURE = 'may not be true if caBundle is present';

const MAX_GROUP_PRIORITY = 20_000;
const MAX_VERSION_PRIORITY = 1000;

const METADATA = FieldPath.of('metadata');
const SPEC = FieldPath.of('spec');
const SERVICE = FieldPath.of('spec', 'service');
const CONDITIONS = FieldPath.of('status', 'conditions');

const conditionStatuses = ['True', 'False', 'Unknown'];

export function validateApiService({ metadata, spec }: APIService): readonly FieldError[] {
  const { group = '', version = '', groupPriorityMinimum, versionPriority, caBundle = '' } = spec;
  const errors = nameErrors(metadata, `${version}.${group}`);
  if (group === '' && version !== 'v1') errors.push(required(SPEC.child('group'), ONLY_V1));
  if (group !== '') {
    for (const text of isDns1123Subdomain(group)) errors.push(invalid(SPEC.child('group'), group, text));
  }
  for (const text of isDns1035Label(version)) errors.push(invalid(SPEC.child('version'), version, text));
  if (groupPriorityMinimum <= 0 || groupPriorityMinimum > MAX_GROUP_PRIORITY) {
    errors.push(invalid(SPEC.child('groupPriorityMinimum'), groupPriorityMinimum, GROUP_PRIORITY));
  }
  if (versionPriority <= 0 || versionPriority > MAX_VERSION_PRIORITY) {
    errors.push(invalid(SPEC.child('versionPriority'), versionPriority, VERSION_PRIORITY));
  }
  const insecurePath = SPEC.child('insecureSkipTLSVerify');
  if (spec.service) {
    validateService(spec.service, errors);
    if (spec.insecureSkipTLSVerify && caBundle !== '') errors.push(invalid(insecurePath, true, BUNDLE_AND_INSECURE));
    return errors;
  }
  if (caBundle !== '') {
    errors.push(invalid(SPEC.child('caBundle'), `${bytesOf(caBundle).length} bytes`, LOCAL_BUNDLE));
  }
  if (spec.insecureSkipTLSVerify) errors.push(invalid(insecurePath, true, LOCAL_INSECURE));
  return errors;
}

/** The name is made of the spec; a generated one never fits. */
function nameErrors({ name = '', generateName = '' }: ObjectMeta, wanted: string): FieldError[] {
  const detail = `must be \`spec.version+"."+spec.group\`: ${goQuote(wanted)}`;
  return [
    { field: 'generateName', text: generateName },
    { field: 'name', text: name },
  ]
    .filter(({ text }) => text !== '' && text !== wanted && isPathSegmentName(text).length === 0)
    .map(({ field, text }) => invalid(METADATA.child(field), text, detail));
}

function validateService(service: NonNullable<APIServiceSpec['service']>, errors: FieldError[]): void {
  const { name = '', namespace = '', port = 0 } = service;
  if (namespace === '') errors.push(required(SERVICE.child('namespace'), ''));
  if (name === '') errors.push(required(SERVICE.child('name'), ''));
  const texts = isValidPortNum(port);
  if (texts.length > 0) errors.push(invalid(SERVICE.child('port'), port, `port is not valid: ${texts.join(', ')}`));
}

export function validateApiServiceStatus({ status: { conditions = [] } }: APIService): readonly FieldError[] {
  return conditions.flatMap(({ status }, i) =>
    conditionStatuses.includes(status)
      ? []
      : [notSupported(CONDITIONS.index(i).child('status'), namedString(status), conditionStatuses)],
  );
}

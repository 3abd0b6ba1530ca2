// Whether an Event may be stored: events.k8s.io asks for much more than the core group.
// Behaviour: pkg/apis/core/validation/events.go, Kubernetes v1.36.3.
import { semanticDeepEqual } from '../../../apimachinery/deep-equal.ts';
import { type FieldError, invalid, required } from '../../../apimachinery/field-error.ts';
import { FieldPath } from '../../../apimachinery/field-path.ts';
import { goStruct } from '../../../apimachinery/go/json.ts';
import { byteLength } from '../../../apimachinery/go/utf8.ts';
import { isDns1123Subdomain, isQualifiedName } from '../../../apimachinery/validation/names.ts';
import { FIELD_IMMUTABLE, nameIsDnsSubdomain } from '../../../apimachinery/validation/object-meta.ts';
import type { Event, EventSource, ObjectReference } from '../../../schema/generated/types/core-v1.ts';
import type { StrategyContext } from '../../resource.ts';
import { pushInvalid } from '../pod-spec/validation/name.ts';
import { EVENTS_API_VERSION } from './events-version.ts';

const OTHER_NAMESPACE = 'does not match event.namespace';
const UNSET = 'needs to be unset';
const UNKNOWN_FINALIZER = 'name is neither a standard finalizer name nor is it fully qualified';
const SERIES_COUNT = 'should be at least 2';
const REPORTER_LIMIT = 128;
const NOTE_LIMIT = 1024;

const INVOLVED_NAMESPACE = FieldPath.of('involvedObject', 'namespace');
/** Upstream puts both names into one. */
const SERIES_COUNT_FIELD = FieldPath.of('series.count');
const SERIES_TIME_FIELD = FieldPath.of('series.lastObservedTime');

const standardFinalizers = ['kubernetes', 'orphan', 'foregroundDeletion'];

export function validateEvent(event: Event, { apiVersion }: StrategyContext): readonly FieldError[] {
  const isStrict = apiVersion === EVENTS_API_VERSION;
  const errors: FieldError[] = [];
  validateAnyEvent(event, isStrict, errors);
  if (!isStrict) return errors;
  const { metadata, eventTime, type = '', source } = event;
  const { name = '', generateName = '' } = metadata;
  const metadataPath = FieldPath.of('metadata');
  if (generateName)
    pushInvalid(nameIsDnsSubdomain(generateName, true), metadataPath.child('generateName'), generateName, errors);
  if (name) pushInvalid(nameIsDnsSubdomain(name, false), metadataPath.child('name'), name, errors);
  (metadata.finalizers ?? []).forEach((finalizer, i) => {
    if (finalizer.includes('/') || standardFinalizers.includes(finalizer)) return;
    errors.push(invalid(metadataPath.child('finalizers').index(i), finalizer, UNKNOWN_FINALIZER));
  });
  validateSeries(event, errors);
  if (!eventTime) errors.push(required(FieldPath.of('eventTime'), ''));
  if (type !== 'Normal' && type !== 'Warning') {
    errors.push(invalid(FieldPath.of('type'), '', `has invalid value: ${type}`));
  }
  if (event.firstTimestamp) errors.push(invalid(FieldPath.of('firstTimestamp'), '', UNSET));
  if (event.lastTimestamp) errors.push(invalid(FieldPath.of('lastTimestamp'), '', UNSET));
  if (event.count) errors.push(invalid(FieldPath.of('count'), '', UNSET));
  if (source.component || source.host) errors.push(invalid(FieldPath.of('source'), '', UNSET));
  return errors;
}

export function validateEventUpdate(event: Event, old: Event, { apiVersion }: StrategyContext): readonly FieldError[] {
  const isStrict = apiVersion === EVENTS_API_VERSION;
  const errors: FieldError[] = [];
  validateAnyEvent(event, isStrict, errors);
  if (!isStrict) return errors;
  if (!semanticDeepEqual(event.series, old.series)) validateSeries(event, errors);
  const next = immutableValues(event);
  const before = immutableValues(old);
  next.forEach(([field, value, shown], i) => {
    if (!semanticDeepEqual(value, before[i]?.[1])) errors.push(invalid(FieldPath.of(field), shown, FIELD_IMMUTABLE));
  });
  return errors;
}

type ImmutableValue = readonly [field: string, value: unknown, shown: unknown];

/** In upstream's order; the reason is compared twice there, which says nothing new. */
function immutableValues(event: Event): readonly ImmutableValue[] {
  const plain = (field: string, value: unknown): ImmutableValue => [field, value, value ?? null];
  return [
    ['involvedObject', event.involvedObject, referenceValue(event.involvedObject)],
    plain('reason', event.reason ?? ''),
    plain('message', event.message ?? ''),
    ['source', event.source, sourceValue(event.source)],
    plain('firstTimestamp', event.firstTimestamp),
    plain('lastTimestamp', event.lastTimestamp),
    plain('count', event.count ?? 0),
    plain('type', event.type ?? ''),
    plain('eventTime', event.eventTime),
    plain('action', event.action ?? ''),
    ['related', event.related, event.related ? referenceValue(event.related) : null],
    plain('reportingController', event.reportingComponent),
    plain('reportingInstance', event.reportingInstance),
  ];
}

function referenceValue(reference: ObjectReference): unknown {
  const {
    kind = '',
    namespace = '',
    name = '',
    uid = '',
    apiVersion = '',
    resourceVersion = '',
    fieldPath = '',
  } = reference;
  return goStruct({
    Kind: kind,
    Namespace: namespace,
    Name: name,
    UID: uid,
    APIVersion: apiVersion,
    ResourceVersion: resourceVersion,
    FieldPath: fieldPath,
  });
}

function sourceValue({ component = '', host = '' }: EventSource): unknown {
  return goStruct({ Component: component, Host: host });
}

function validateAnyEvent(event: Event, isStrict: boolean, errors: FieldError[]): void {
  const { namespace = '' } = event.metadata;
  const involved = event.involvedObject.namespace ?? '';
  if (event.eventTime) {
    const isElsewhere = involved === '' && namespace !== 'default' && namespace !== 'kube-system';
    if (isElsewhere) errors.push(invalid(INVOLVED_NAMESPACE, involved, OTHER_NAMESPACE));
    validateReporter(event, isStrict ? 'reportingController' : 'reportingComponent', errors);
  } else {
    const matches = involved === '' ? namespace === '' || namespace === 'default' : namespace === involved;
    if (!matches) errors.push(invalid(INVOLVED_NAMESPACE, involved, OTHER_NAMESPACE));
  }
  pushInvalid(isDns1123Subdomain(namespace), FieldPath.of('namespace'), namespace, errors);
}

function validateReporter(event: Event, reporterField: string, errors: FieldError[]): void {
  const { reportingComponent, reportingInstance, action = '', reason = '', message = '' } = event;
  const reporterPath = FieldPath.of(reporterField);
  if (reportingComponent === '') errors.push(required(reporterPath, ''));
  pushInvalid(isQualifiedName(reportingComponent), reporterPath, reportingComponent, errors);
  if (reportingInstance === '') errors.push(required(FieldPath.of('reportingInstance'), ''));
  validateLength(reportingInstance, 'reportingInstance', REPORTER_LIMIT, errors);
  if (action === '') errors.push(required(FieldPath.of('action'), ''));
  validateLength(action, 'action', REPORTER_LIMIT, errors);
  if (reason === '') errors.push(required(FieldPath.of('reason'), ''));
  validateLength(reason, 'reason', REPORTER_LIMIT, errors);
  validateLength(message, 'message', NOTE_LIMIT, errors);
}

function validateLength(text: string, field: string, limit: number, errors: FieldError[]): void {
  if (byteLength(text) > limit) errors.push(invalid(FieldPath.of(field), '', `can have at most ${limit} characters`));
}

function validateSeries({ series }: Event, errors: FieldError[]): void {
  if (!series) return;
  if ((series.count ?? 0) < 2) errors.push(invalid(SERIES_COUNT_FIELD, '', SERIES_COUNT));
  if (!series.lastObservedTime) errors.push(required(SERIES_TIME_FIELD, ''));
}

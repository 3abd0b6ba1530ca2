// Whether a FlowSchema may be stored.
// Behaviour: pkg/apis/flowcontrol/validation/validation.go (ValidateFlowSchema and what it calls),
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
import { isDns1123Label, isDns1123Subdomain } from '../../../apimachinery/validation/names.ts';
import { shownField } from '../../../schema/decode/given-empty.ts';
import type {
  FlowSchema,
  FlowSchemaSpec,
  NonResourcePolicyRule,
  PolicyRulesWithSubjects,
  ResourcePolicyRule,
  ServiceAccountSubject,
  Subject,
} from '../../../schema/generated/types/flowcontrol-v1.ts';
import { validateConditions } from '../condition-validation.ts';

const NOT_POSITIVE = 'must be a positive value';
const ONLY_EXEMPT_FIRST = "only the schema named 'exempt' may have matchingPrecedence 1";
const A_PRIORITY_LEVEL = 'must reference a priority level';
const A_SUBJECT = 'subjects must contain at least one value';
const A_RULE = 'at least one of resourceRules and nonResourceRules has to be non-empty';
const A_NAMESPACE = 'must specify namespace for service account';
const A_VERB = 'verbs must contain at least one value';
const EVERY_VERB = "if '*' is present, must not specify other verbs";
const A_URL = 'nonResourceURLs must contain at least one value';
const EVERY_URL = "if '*' is present, must not specify other non-resource URLs";
const AN_API_GROUP = 'resource rules must supply at least one api group';
const EVERY_API_GROUP = "if '*' is present, must not specify other api groups";
const A_RESOURCE = 'resource rules must supply at least one resource';
const EVERY_RESOURCE = "if '*' is present, must not specify other resources";
const A_NAMESPACE_TO_MATCH = 'resource rules that are not cluster scoped must supply at least one namespace';
const EVERY_NAMESPACE = "if '*' is present, must not specify other namespaces";
const NAMESPACE_INTRO = "each member of this list must be '*' or a DNS-1123 label; ";

const MAX_PRECEDENCE = 10_000;

const SPEC = FieldPath.of('spec');

const distinguishers = ['ByNamespace', 'ByUser'];
const subjectKinds = ['Group', 'ServiceAccount', 'User'];
const verbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'proxy', 'update', 'watch'];

const everything: Pick<PolicyRulesWithSubjects, 'resourceRules' | 'nonResourceRules'> = {
  resourceRules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'], clusterScope: true, namespaces: ['*'] }],
  nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }],
};

function group(name: string): Subject {
  return { kind: 'Group', group: { name } };
}

/** What must stay as it is. */
const mandatory: ReadonlyMap<string, FlowSchemaSpec> = new Map([
  [
    'exempt',
    {
      priorityLevelConfiguration: { name: 'exempt' },
      matchingPrecedence: 1,
      rules: [{ subjects: [group('system:masters')], ...everything }],
    },
  ],
  [
    'catch-all',
    {
      priorityLevelConfiguration: { name: 'catch-all' },
      matchingPrecedence: 10_000,
      distinguisherMethod: { type: 'ByUser' },
      rules: [{ subjects: [group('system:unauthenticated'), group('system:authenticated')], ...everything }],
    },
  ],
]);

export function validateFlowSchema({ metadata, spec, status }: FlowSchema): readonly FieldError[] {
  const { name = '' } = metadata;
  const errors: FieldError[] = [];
  validateSpec(spec, name, errors);
  const fixed = mandatory.get(name);
  if (fixed && !semanticDeepEqual(spec, fixed)) {
    errors.push(invalid(SPEC, specValue(spec), `spec of '${name}' must equal the fixed value`));
  }
  errors.push(...validateConditions(status));
  return errors;
}

function validateSpec(spec: FlowSchemaSpec, schemaName: string, errors: FieldError[]): void {
  const { matchingPrecedence: precedence = 0, distinguisherMethod, priorityLevelConfiguration, rules = [] } = spec;
  const precedencePath = SPEC.child('matchingPrecedence');
  if (precedence <= 0) errors.push(invalid(precedencePath, precedence, NOT_POSITIVE));
  if (precedence > MAX_PRECEDENCE) {
    errors.push(invalid(precedencePath, precedence, `must not be greater than ${MAX_PRECEDENCE}`));
  }
  if (precedence === 1 && schemaName !== 'exempt') {
    errors.push(invalid(precedencePath, precedence, ONLY_EXEMPT_FIRST));
  }
  if (distinguisherMethod && !distinguishers.includes(distinguisherMethod.type)) {
    const value = new GoValue(goMarshalInOrder({ Type: distinguisherMethod.type ?? '' }));
    errors.push(notSupported(SPEC.child('distinguisherMethod', 'type'), value, distinguishers));
  }
  const levelPath = SPEC.child('priorityLevelConfiguration', 'name');
  const { name } = priorityLevelConfiguration;
  if (!name) errors.push(required(levelPath, A_PRIORITY_LEVEL));
  else for (const message of isDns1123Subdomain(name)) errors.push(invalid(levelPath, name, message));
  rules.forEach((rule, i) => {
    validateRule(rule, SPEC.child('rules').index(i), errors);
  });
}

function validateRule(
  { subjects = [], resourceRules = [], nonResourceRules = [] }: PolicyRulesWithSubjects,
  path: FieldPath,
  errors: FieldError[],
): void {
  if (subjects.length === 0) errors.push(required(path.child('subjects'), A_SUBJECT));
  subjects.forEach((subject, i) => {
    validateSubject(subject, path.child('subjects').index(i), errors);
  });
  if (resourceRules.length + nonResourceRules.length === 0) errors.push(required(path, A_RULE));
  resourceRules.forEach((rule, i) => {
    validateResourceRule(rule, path.child('resourceRules').index(i), errors);
  });
  nonResourceRules.forEach((rule, i) => {
    validateNonResourceRule(rule, path.child('nonResourceRules').index(i), errors);
  });
}

const subjectFields = ['serviceAccount', 'user', 'group'] as const;
const kindOfField = { serviceAccount: 'ServiceAccount', user: 'User', group: 'Group' } as const;

function validateSubject(subject: Subject, path: FieldPath, errors: FieldError[]): void {
  const { kind = '' } = subject;
  if (!subjectKinds.includes(kind)) {
    errors.push(notSupported(path.child('kind'), namedString(kind), subjectKinds));
    return;
  }
  const own = subjectFields.find((field) => kindOfField[field] === kind) ?? 'user';
  const ownPath = path.child(own);
  const value = subject[own];
  if (!value) errors.push(required(ownPath, `${own} is required when subject kind is '${kind}'`));
  else if (own === 'serviceAccount' && subject.serviceAccount) {
    validateServiceAccount(subject.serviceAccount, ownPath, errors);
  } else if (!value.name) errors.push(required(ownPath.child('name'), ''));
  for (const field of subjectFields) {
    if (field !== own && subject[field]) {
      errors.push(
        forbidden(path.child(field), `${field} is forbidden when subject kind is not '${kindOfField[field]}'`),
      );
    }
  }
}

function validateServiceAccount(
  { name, namespace }: ServiceAccountSubject,
  path: FieldPath,
  errors: FieldError[],
): void {
  const namePath = path.child('name');
  const namespacePath = path.child('namespace');
  if (!name) errors.push(required(namePath, ''));
  else if (name !== '*') for (const message of isDns1123Subdomain(name)) errors.push(invalid(namePath, name, message));
  if (!namespace) errors.push(required(namespacePath, A_NAMESPACE));
  else for (const message of isDns1123Label(namespace)) errors.push(invalid(namespacePath, namespace, message));
}

function validateVerbs(given: readonly string[], path: FieldPath, errors: FieldError[]): void {
  if (given.length === 0) errors.push(required(path, A_VERB));
  else if (given.includes('*')) validateAlone(given, EVERY_VERB, path, errors);
  else if (!given.every((verb) => verbs.includes(verb))) errors.push(notSupported(path, given, verbs));
}

function validateAlone(given: readonly string[], detail: string, path: FieldPath, errors: FieldError[]): void {
  if (given.length > 1 && given.includes('*')) errors.push(invalid(path, given, detail));
}

function validateResourceRule(
  { verbs: given = [], apiGroups = [], resources = [], namespaces = [], clusterScope }: ResourcePolicyRule,
  path: FieldPath,
  errors: FieldError[],
): void {
  validateVerbs(given, path.child('verbs'), errors);
  const groupsPath = path.child('apiGroups');
  if (apiGroups.length === 0) errors.push(required(groupsPath, AN_API_GROUP));
  validateAlone(apiGroups, EVERY_API_GROUP, groupsPath, errors);
  const resourcesPath = path.child('resources');
  if (resources.length === 0) errors.push(required(resourcesPath, A_RESOURCE));
  validateAlone(resources, EVERY_RESOURCE, resourcesPath, errors);
  const namespacesPath = path.child('namespaces');
  if (namespaces.length === 0 && !clusterScope) errors.push(required(namespacesPath, A_NAMESPACE_TO_MATCH));
  else if (namespaces.includes('*')) validateAlone(namespaces, EVERY_NAMESPACE, namespacesPath, errors);
  else {
    namespaces.forEach((namespace, i) => {
      for (const message of isDns1123Label(namespace)) {
        errors.push(invalid(namespacesPath.index(i), namespace, NAMESPACE_INTRO + message));
      }
    });
  }
}

function validateNonResourceRule(
  { verbs: given = [], nonResourceURLs: urls = [] }: NonResourcePolicyRule,
  path: FieldPath,
  errors: FieldError[],
): void {
  validateVerbs(given, path.child('verbs'), errors);
  const urlsPath = path.child('nonResourceURLs');
  if (urls.length === 0) errors.push(required(urlsPath, A_URL));
  else if (urls.includes('*')) validateAlone(urls, EVERY_URL, urlsPath, errors);
  else {
    urls.forEach((url, i) => {
      const wrong = urlError(url);
      if (wrong !== undefined) errors.push(invalid(urlsPath.index(i), url, wrong));
    });
  }
}

function urlError(url: string): string | undefined {
  if (url === '') return 'must not be empty';
  if (url === '/') return undefined;
  if (!url.startsWith('/')) return 'must start with slash';
  if (url.includes(' ')) return 'must not contain white-space';
  if (url.includes('//')) return 'must not contain double slash';
  const star = url.indexOf('*');
  return star < 0 || (star === url.length - 1 && url.endsWith('/*'))
    ? undefined
    : 'wildcard can only do suffix matching';
}

function specValue(spec: FlowSchemaSpec): GoValue {
  const { priorityLevelConfiguration, matchingPrecedence, distinguisherMethod, rules } = spec;
  return new GoValue(
    goMarshalInOrder({
      PriorityLevelConfiguration: { Name: priorityLevelConfiguration.name ?? '' },
      MatchingPrecedence: matchingPrecedence ?? 0,
      DistinguisherMethod: distinguisherMethod ? { Type: distinguisherMethod.type ?? '' } : null,
      Rules: rules?.map(internalRule) ?? shownField(spec, 'rules'),
    }),
  );
}

function internalRule(ofSubjects: PolicyRulesWithSubjects): object {
  const { subjects, resourceRules, nonResourceRules } = ofSubjects;
  return {
    Subjects:
      subjects?.map(({ kind, user, group: ofGroup, serviceAccount: account }) => ({
        Kind: kind ?? '',
        User: user ? { Name: user.name ?? '' } : null,
        Group: ofGroup ? { Name: ofGroup.name ?? '' } : null,
        ServiceAccount: account ? { Namespace: account.namespace ?? '', Name: account.name ?? '' } : null,
      })) ?? shownField(ofSubjects, 'subjects'),
    ResourceRules:
      resourceRules?.map((rule) => ({
        Verbs: shownField(rule, 'verbs'),
        APIGroups: shownField(rule, 'apiGroups'),
        Resources: shownField(rule, 'resources'),
        ClusterScope: rule.clusterScope ?? false,
        Namespaces: shownField(rule, 'namespaces'),
      })) ?? shownField(ofSubjects, 'resourceRules'),
    NonResourceRules:
      nonResourceRules?.map((rule) => ({
        Verbs: shownField(rule, 'verbs'),
        NonResourceURLs: shownField(rule, 'nonResourceURLs'),
      })) ?? shownField(ofSubjects, 'nonResourceRules'),
  };
}

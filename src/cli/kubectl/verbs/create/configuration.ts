// `kubectl create namespace|configmap|quota|serviceaccount|priorityclass|poddisruptionbudget`.
// Behaviour: staging/src/k8s.io/kubectl/pkg/cmd/create, Kubernetes v1.36.3.
import { goQuote } from '../../../../apimachinery/go/quote.ts';
import { parseIntOrString } from '../../../../apimachinery/int-or-string.ts';
import type { JsonMap } from '../../../../apimachinery/json.ts';
import { isConfigMapKey } from '../../../../apimachinery/validation/names.ts';
import { parseToLabelSelector } from '../../../../selectors/label-selector.ts';
import { KubectlError } from '../../outcome.ts';
import { integerFlag } from '../scale.ts';
import { hashedName } from './content-hash.ts';
import { CREATE_FLAGS } from './create-flags.ts';
import { type Generator, sliceFlag } from './generator.ts';
import { fromEnvFile, fromFile, type KeyValue, literal, resourceList } from './key-values.ts';

export const namespace: Generator = {
  flags: {},
  build: ({ name }) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }),
};

export const serviceAccount: Generator = {
  flags: {},
  failure: 'failed to create serviceaccount: ',
  build: ({ name }) => ({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name } }),
};

const ERR_ENV_FILE = 'from-env-file cannot be combined with from-file or from-literal';

export const configMap: Generator = {
  flags: CREATE_FLAGS.configMap,
  failure: 'failed to create configmap: ',
  build({ given, context, name }) {
    const envFiles = sliceFlag(given, 'from-env-file');
    if (envFiles.length > 0 && (given.has('from-file') || given.has('from-literal')))
      throw new KubectlError(ERR_ENV_FILE);
    const data: Record<string, string> = {};
    const add = ({ key, value }: KeyValue): void => {
      const errors = isConfigMapKey(key);
      if (errors.length > 0)
        throw new KubectlError(`${goQuote(key)} is not a valid key name for a ConfigMap: ${errors.join(',')}`);
      if (Object.hasOwn(data, key))
        throw new KubectlError(
          `cannot add key ${goQuote(key)}, another key by that name already exists in Data for ConfigMap ${goQuote(name)}`,
        );
      data[key] = value;
    };
    for (const source of sliceFlag(given, 'from-file')) for (const one of fromFile(source, context)) add(one);
    for (const source of given.list('from-literal')) add(literal(source));
    for (const path of envFiles) for (const one of fromEnvFile(path, 'config', context)) add(one);
    const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data };
    return given.flag('append-hash') ? hashedName(object, { kind: 'ConfigMap', name, data }) : object;
  },
};

export const quota: Generator = {
  flags: CREATE_FLAGS.quota,
  failure: 'failed to create quota: ',
  build({ given, name }) {
    const scopes = given.value('scopes') ?? '';
    if (scopes !== '' && scopes.split(',').includes('')) throw new KubectlError('invalid resource quota scope ""');
    const hard = resourceList(given.value('hard') ?? '');
    const spec: JsonMap = {
      ...(Object.keys(hard).length > 0 ? { hard } : {}),
      ...(scopes === '' ? {} : { scopes: scopes.split(',') }),
    };
    return { apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name }, spec };
  },
};

export const priorityClass: Generator = {
  flags: CREATE_FLAGS.priorityClass,
  failure: 'failed to create priorityclass: ',
  build({ given, name }) {
    const description = given.value('description') ?? '';
    return {
      apiVersion: 'scheduling.k8s.io/v1',
      kind: 'PriorityClass',
      metadata: { name },
      value: integerFlag(given, 'value', 0),
      ...(given.flag('global-default') ? { globalDefault: true } : {}),
      ...(description === '' ? {} : { description }),
      preemptionPolicy: given.value('preemption-policy') ?? 'PreemptLowerPriority',
    };
  },
};

const AMOUNT = /^[0-9]+%?$/;

export const podDisruptionBudget: Generator = {
  flags: CREATE_FLAGS.podDisruptionBudget,
  failure: 'failed to create poddisruptionbudgets: ',
  build({ given, name }) {
    const selectorText = given.value('selector') ?? '';
    const min = given.value('min-available') ?? '';
    const max = given.value('max-unavailable') ?? '';
    if (selectorText === '') throw new KubectlError('a selector must be specified');
    if (min === '' && max === '') throw new KubectlError('one of min-available or max-unavailable must be specified');
    if (min !== '' && max !== '') throw new KubectlError('min-available and max-unavailable cannot be both specified');
    if (min !== '' && !AMOUNT.test(min)) throw new KubectlError('invalid format specified for min-available');
    if (max !== '' && !AMOUNT.test(max)) throw new KubectlError('invalid format specified for max-unavailable');
    const parsed = parseToLabelSelector(selectorText);
    if (!parsed.ok) throw new KubectlError(parsed.error);
    const amount = min === '' ? { maxUnavailable: parseIntOrString(max) } : { minAvailable: parseIntOrString(min) };
    // A label selector is JSON.
    const selector = parsed.value as unknown as JsonMap;
    return { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata: { name }, spec: { ...amount, selector } };
  },
};

// How LimitRanges are created and updated.
// Behaviour: pkg/registry/core/limitrange/strategy.go, pkg/apis/core/v1/defaults.go (SetDefaults_LimitRangeItem), Kubernetes v1.36.3.
import type { LimitRange, LimitRangeItem } from '../../../schema/generated/types/core-v1.ts';
import type { Resource, StrategyContext } from '../../resource.ts';
import { roundResourceList } from '../pod-spec/resource-rounding.ts';
import { validateLimitRange } from './validation.ts';

export const limitRangeResource: Resource<LimitRange> = {
  group: '',
  version: 'v1',
  kind: 'LimitRange',
  plural: 'limitranges',
  singular: 'limitrange',
  namespaced: true,
  shortNames: ['limits'],
  strategy: {
    allowCreateOnUpdate: true,
    allowUnconditionalUpdate: true,
    applyDefaults,
    prepareForCreate: withName,
    validate: validateLimitRange,
    validateUpdate: validateLimitRange,
  },
};

function applyDefaults(range: LimitRange): LimitRange {
  const { limits } = range.spec;
  // Storing an empty list loses it.
  if (!limits?.length) return limits ? { ...range, spec: {} } : range;
  return { ...range, spec: { ...range.spec, limits: limits.map((item) => rounded(withDefaults(item))) } };
}

/** A container's limit is its maximum and its request is its limit, or the minimum, where nothing else is said. */
function withDefaults(item: LimitRangeItem): LimitRangeItem {
  if (item.type !== 'Container') return item;
  const limit = { ...item.max, ...item.default };
  const request = { ...item.min, ...limit, ...item.defaultRequest };
  return {
    ...item,
    ...(Object.keys(limit).length > 0 ? { default: limit } : {}),
    ...(Object.keys(request).length > 0 ? { defaultRequest: request } : {}),
  };
}

const LISTS = ['max', 'min', 'default', 'defaultRequest', 'maxLimitRequestRatio'] as const;

function rounded(item: LimitRangeItem): LimitRangeItem {
  const lists = LISTS.flatMap((name) => {
    const list = item[name];
    return list ? [[name, roundResourceList(list)] as const] : [];
  });
  return { ...item, ...Object.fromEntries(lists) };
}

function withName(range: LimitRange, { allocate }: StrategyContext): LimitRange {
  if (range.metadata.name) return range;
  return { ...range, metadata: { ...range.metadata, name: allocate.uid() } };
}

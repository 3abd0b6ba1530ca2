// Charges what a request would use to the quotas of its namespace, and refuses what would exceed one.
// Behaviour: [apiserver]/pkg/admission/plugin/resourcequota/{admission,controller}.go, Kubernetes v1.36.3.
// Left out: resources that only exist where a quota covers them (limitedResources), which no default configuration has.
// Differs: the charge is written after the object; several quotas count in order of name, which upstream leaves open.
import type { KubeObject } from '../../apimachinery/object.ts';
import type { ResourceQuota } from '../../schema/generated/types/core-v1.ts';
import { type Evaluator, matchesQuota, type QuotaContext } from '../quota/evaluator.ts';
import { evaluatorFor } from '../quota/registry.ts';
import {
  type Amounts,
  addAmounts,
  amountsOf,
  exceededNames,
  maskAmounts,
  resourceListOf,
  subtractAmounts,
} from '../quota/resource-list.ts';
import { resourceNameOf } from '../resource.ts';
import type { AdmissionAttributes, AdmissionPlugin, AdmissionRefusal } from './chain/plugin.ts';
import { forbid } from './chain/refusal.ts';

const NAME = 'ResourceQuota';

export const resourceQuota: AdmissionPlugin = {
  name: NAME,
  operations: ['CREATE', 'UPDATE'],
  needs: 'resourcequotas',

  validate(attributes, context) {
    const { namespace, object, resource } = attributes;
    if (!namespace || !object) return undefined;
    const quotas = context.reader.list<ResourceQuota>('resourcequotas', namespace);
    if (quotas.length === 0) return undefined;
    const evaluator = evaluatorFor(resourceNameOf(resource));
    if (!evaluator?.handles({ ...attributes, object })) return undefined;
    const matching = quotas.filter((quota) => matchesQuota(evaluator, quota, object, context));
    for (const quota of matching) {
      const text = unmetCondition(quota, evaluator, object, context);
      if (text !== undefined) return forbid(attributes, text, NAME);
    }
    const charges = chargesOf(matching, evaluator, attributes, object, context);
    if ('refused' in charges) return charges;
    context.afterStored((server) => {
      for (const quota of charges.quotas) server.updateStatus(quota);
    });
    return undefined;
  },
};

/** What a quota demands before anything is counted: that containers say what it limits, and that it knows what is used. */
function unmetCondition(
  { metadata, status }: ResourceQuota,
  evaluator: Evaluator,
  object: KubeObject,
  context: QuotaContext,
): string | undefined {
  const names = evaluator.matchingResources(Object.keys(status.hard ?? {}), context);
  const error = evaluator.constraintError?.(names, object);
  if (error !== undefined) return `failed quota: ${metadata.name}: ${error}`;
  if (names.every((name) => status.used?.[name] !== undefined)) return undefined;
  return `status unknown for quota: ${metadata.name}, resources: ${[...names].sort().join(',')}`;
}

/** The quotas with the request's usage added, or why it does not fit. */
function chargesOf(
  quotas: readonly ResourceQuota[],
  evaluator: Evaluator,
  attributes: AdmissionAttributes,
  object: KubeObject,
  context: QuotaContext,
): { readonly quotas: readonly ResourceQuota[] } | AdmissionRefusal {
  const usage = evaluator.usage(object, context);
  const negative = [...usage].filter(([, amount]) => amount.sign() < 0).map(([name]) => name);
  if (negative.length > 0)
    return forbid(attributes, `quota usage is negative for resource(s): ${negative.sort().join(',')}`, NAME);
  const { oldObject } = attributes;
  const growth = oldObject && increase(usage, evaluator.usage(oldObject, context));
  const charged: ResourceQuota[] = [];
  for (const quota of quotas) {
    // An object that only now falls under the quota counts as if it were new.
    const isCounted = growth && oldObject && matchesQuota(evaluator, quota, oldObject, context);
    const requested = requestedOf(quota, isCounted ? growth : usage);
    if (requested.size === 0) continue;
    const used = addAmounts(amountsOf(quota.status.used), requested);
    const text = attributes.subresource === 'status' ? undefined : excess(quota, requested, used);
    if (text !== undefined) return forbid(attributes, text, NAME);
    charged.push({ ...quota, status: { ...quota.status, used: resourceListOf(used) } });
  }
  return { quotas: charged };
}

/** An update only ever charges; what it gives back is counted by the quota's controller. */
function increase(usage: Amounts, before: Amounts): Amounts {
  return new Map([...subtractAmounts(usage, before)].filter(([, amount]) => amount.sign() > 0));
}

function requestedOf({ status }: ResourceQuota, usage: Amounts): Amounts {
  const limited = maskAmounts(usage, Object.keys(status.hard ?? {}));
  return new Map([...limited].filter(([, amount]) => !amount.isZero()));
}

function excess({ metadata, status }: ResourceQuota, requested: Amounts, used: Amounts): string | undefined {
  const hard = amountsOf(status.hard);
  const exceeded = exceededNames(maskAmounts(used, requested.keys()), hard);
  if (exceeded.length === 0) return undefined;
  const text = (amounts: Amounts): string =>
    exceeded
      .filter((name) => amounts.has(name))
      .map((name) => `${name}=${amounts.get(name)}`)
      .join(',');
  const before = text(amountsOf(status.used));
  return `exceeded quota: ${metadata.name}, requested: ${text(requested)}, used: ${before}, limited: ${text(hard)}`;
}

// The claim that is made from a template for a pod or a pod group, or the one that was made for it before.
// Behaviour: pkg/controller/resourceclaim/controller.go (handleClaim, handlePodGroupClaim), Kubernetes v1.36.3.
import type { KubeObject } from '../../../apimachinery/object.ts';
import type { PodResourceClaim } from '../../../schema/generated/types/core-v1.ts';
import type { ResourceClaim, ResourceClaimTemplate } from '../../../schema/generated/types/resource-v1.ts';
import { RESOURCE_CLAIMS } from '../../../schema/resource-names.ts';
import type { SyncContext } from '../../engine/controller.ts';
import { TEMPLATES } from '../../resource-claims/named-claims.ts';
import type { MadeClaims } from './made-claims.ts';

const POD_CLAIM_NAME = 'resource.kubernetes.io/pod-claim-name';
/** Room for a dash and five random characters in a name of 63. */
const MAX_BASE_LENGTH = 57;

export type MadeClaim = { readonly name: string } | { readonly error: string };

/** The name of the claim that was made for this entry of the owner. */
export function findGenerated(
  { metadata }: KubeObject,
  entry: string,
  { reader, now }: SyncContext,
  made: MadeClaims,
): string | undefined {
  const { uid = '' } = metadata;
  const stored = reader.listByIndex<ResourceClaim>(RESOURCE_CLAIMS, 'owner', uid);
  const remembered = made.find(uid, entry, stored, now);
  const found = stored.find((claim) => claim.metadata.annotations?.[POD_CLAIM_NAME] === entry);
  return found?.metadata.name ?? remembered;
}

/**
 * The status says which claims were made just now, and no more which others were: what one apply leaves out of a list,
 * its manager gives up.
 */
export function madeStatuses(made: ReadonlyMap<string, string>) {
  return [...made].map(([name, resourceClaimName]) => ({ name, resourceClaimName }));
}

export function makeClaim(
  owner: KubeObject,
  { name: entry, resourceClaimTemplateName: templateName = '' }: PodResourceClaim,
  { reader, client, now }: SyncContext,
  made: MadeClaims,
): MadeClaim {
  const { namespace = '', name = '', uid = '' } = owner.metadata;
  const template = reader.get<ResourceClaimTemplate>(TEMPLATES, namespace, templateName);
  if (!template)
    return {
      error: `resource claim template "${templateName}": resourceclaimtemplate.resource.k8s.io "${templateName}" not found`,
    };
  const { labels, annotations } = template.spec.metadata ?? {};
  const claim: ResourceClaim = {
    apiVersion: 'resource.k8s.io/v1',
    kind: 'ResourceClaim',
    metadata: {
      generateName: generatedPrefix(name, entry),
      namespace,
      ownerReferences: [{ apiVersion: owner.apiVersion, kind: owner.kind, name, uid, controller: true }],
      annotations: { ...annotations, [POD_CLAIM_NAME]: entry },
      ...(labels ? { labels } : {}),
    },
    spec: template.spec.spec,
    status: {},
  };
  const answer = client.create<ResourceClaim>(RESOURCE_CLAIMS, claim);
  if (answer.ok) {
    made.remember(answer.object, uid, entry, now);
    return { name: answer.object.metadata.name ?? '' };
  }
  return { error: `create ResourceClaim : ${answer.status.message}` };
}

/** What is too long loses as much of the owner's name as of the entry's. */
function generatedPrefix(owner: string, entry: string): string {
  const prefix = `${owner}-${entry}-`;
  if (prefix.length <= MAX_BASE_LENGTH) return prefix;
  const share = (text: string): string => text.slice(0, Math.floor((text.length * MAX_BASE_LENGTH) / prefix.length));
  return `${share(owner)}-${share(entry)}`;
}

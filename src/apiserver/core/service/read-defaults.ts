// Completes a stored Service that was written before its newer fields existed.
// Behaviour: pkg/registry/core/service/storage/storage.go (defaultOnReadService), Kubernetes v1.36.3.
import type { ServiceSpec } from '../../../schema/generated/types/core-v1.ts';
import type { ClusterReader } from '../../cluster-reader.ts';
import { isIpv6Text } from '../ip-validation.ts';
import { serviceFamilies } from './allocation/service-cidrs.ts';
import { CLUSTER_IP_NONE, needsClusterIp, type SpecDraft } from './service-types.ts';

export function withReadDefaults(stored: ServiceSpec, reader: ClusterReader): ServiceSpec {
  if (!needsClusterIp(stored) || (stored.ipFamilies?.length && stored.clusterIPs?.length)) return stored;
  const spec: SpecDraft = { ...stored };
  if (spec.clusterIP && !spec.clusterIPs?.length) spec.clusterIPs = [spec.clusterIP];
  if (spec.ipFamilies?.length) return spec;
  const [first = 'IPv4'] = serviceFamilies(reader);
  if (spec.clusterIP !== CLUSTER_IP_NONE) {
    spec.ipFamilies = (spec.clusterIPs ?? []).map((ip) => (isIpv6Text(ip) ? 'IPv6' : 'IPv4'));
    if (spec.ipFamilies.length > 0) {
      spec.ipFamilyPolicy = spec.ipFamilies.length === 1 ? 'SingleStack' : 'RequireDualStack';
    }
  } else if (Object.keys(spec.selector ?? {}).length > 0) {
    spec.ipFamilyPolicy = 'SingleStack';
    spec.ipFamilies = [first];
  } else {
    spec.ipFamilyPolicy = 'RequireDualStack';
    spec.ipFamilies = [first, first === 'IPv4' ? 'IPv6' : 'IPv4'];
  }
  return spec;
}

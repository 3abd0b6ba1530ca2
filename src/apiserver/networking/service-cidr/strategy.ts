// How ServiceCIDRs, the ranges of cluster IPs, are created and updated.
// Behaviour: pkg/registry/networking/servicecidr/strategy.go, pkg/apis/networking/validation/validation.go, Kubernetes v1.36.3.
import { type FieldError, GoValue, invalid, required } from '../../../apimachinery/field-error.ts';
import { FieldPath } from '../../../apimachinery/field-path.ts';
import { goMarshalInOrder } from '../../../apimachinery/go/json.ts';
import { parseCidr } from '../../../apimachinery/ip-address.ts';
import { isValidCidr } from '../../../apimachinery/validation/ip.ts';
import { FIELD_IMMUTABLE } from '../../../apimachinery/validation/object-meta.ts';
import { shownField } from '../../../schema/decode/given-empty.ts';
import type { ServiceCIDR } from '../../../schema/generated/types/networking-v1.ts';
import type { Resource } from '../../resource.ts';
import { metadataForStatus } from '../../strategies/status-metadata.ts';

const A_CIDR = 'at least one CIDR required';
const TOO_MANY = 'may only hold up to 2 values';
const SAME_FAMILY = 'may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64';
const STATUS_WIPING = 'ServiceCIDRStatusFieldWiping';

const CIDRS = FieldPath.of('spec', 'cidrs');

export const serviceCidrResource: Resource<ServiceCIDR> = {
  group: 'networking.k8s.io',
  version: 'v1',
  kind: 'ServiceCIDR',
  plural: 'servicecidrs',
  singular: 'servicecidr',
  namespaced: false,
  strategy: {
    allowUnconditionalUpdate: true,
    prepareForCreate: (range, { features }) => (features.isEnabled(STATUS_WIPING) ? { ...range, status: {} } : range),
    validate: validateRange,
    prepareForUpdate: (range, old, { features }) =>
      features.isEnabled(STATUS_WIPING) ? { ...range, status: old.status } : range,
    validateUpdate,
  },
  subresources: {
    status: {
      prepareForUpdate: (range, old) => ({ ...range, spec: old.spec, metadata: metadataForStatus(range, old) }),
    },
  },
};

function validateRange({ spec }: ServiceCIDR): readonly FieldError[] {
  const { cidrs = [] } = spec;
  if (cidrs.length === 0) return [required(CIDRS, A_CIDR)];
  if (cidrs.length > 2) return [invalid(CIDRS, new GoValue(goMarshalInOrder({ CIDRs: cidrs })), TOO_MANY)];
  const errors = cidrs.flatMap((cidr, i) => isValidCidr(CIDRS.index(i), cidr));
  const [first, second] = cidrs.map((cidr) => parseCidr(cidr)?.bits);
  if (cidrs.length === 2 && first !== undefined && first === second) errors.push(invalid(CIDRS, cidrs, SAME_FAMILY));
  return errors;
}

/** A second family may be added; all else stays. */
function validateUpdate(range: ServiceCIDR, old: ServiceCIDR): readonly FieldError[] {
  const { cidrs = [] } = range.spec;
  const { cidrs: oldCidrs = [] } = old.spec;
  const changed = oldCidrs.flatMap((cidr, i) =>
    cidrs[i] === cidr ? [] : [invalid(CIDRS.index(i), cidrs[i], FIELD_IMMUTABLE)],
  );
  if (cidrs.length === oldCidrs.length) return changed;
  if (oldCidrs.length === 1 && cidrs.length === 2) return [...changed, ...validateRange(range)];
  return [invalid(CIDRS, shownField(range.spec, 'cidrs'), FIELD_IMMUTABLE)];
}

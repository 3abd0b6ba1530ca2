// Gives a Service its cluster IPs, node ports and health check port when it is created or changed.
// Behaviour: pkg/registry/core/service/storage/{storage,alloc}.go, Kubernetes v1.36.3.
import { invalid } from '../../../../apimachinery/field-error.ts';
import { FieldPath } from '../../../../apimachinery/field-path.ts';
import { internalError } from '../../../../apimachinery/status.ts';
import type { Service, ServiceSpec } from '../../../../schema/generated/types/core-v1.ts';
import type { AllocationResult, StrategyContext } from '../../../resource.ts';
import type { IpFamily } from '../../ip-validation.ts';
import { keepAllocated, syncClusterIps } from '../kept-values.ts';
import { withReadDefaults } from '../read-defaults.ts';
import { CLUSTER_IP_NONE, hasNodePorts, needsHealthCheck, type SpecDraft } from '../service-types.ts';
import { initIpFamilies, isUntouchedPreference } from './ip-families.ts';
import { initNodePorts, type PortRefusal, reserveHealthCheckPort, updateNodePorts } from './node-ports.ts';
import { AddressPool, FULL, PortClaims } from './pools.ts';
import { serviceFamilies } from './service-cidrs.ts';

const CLUSTER_IPS = FieldPath.of('spec', 'clusterIPs');

type Refused = PortRefusal;

export function beginCreate(service: Service, context: StrategyContext): AllocationResult<Service> {
  const spec: SpecDraft = { ...service.spec };
  if (spec.clusterIP && !spec.clusterIPs?.length) spec.clusterIPs = [spec.clusterIP];
  const refused =
    initFamilies(spec, undefined, context) ??
    allocateClusterIps(service, spec, context) ??
    createPorts(spec, new PortClaims(context.reader, context.dryRun));
  return refused ?? { ok: true, object: { ...service, spec } };
}

export function beginUpdate(service: Service, stored: Service, context: StrategyContext): AllocationResult<Service> {
  const old = withReadDefaults(stored.spec, context.reader);
  const spec: SpecDraft = { ...service.spec };
  keepAllocated(spec, old);
  syncClusterIps(spec, old);
  const refused =
    initFamilies(spec, old, context) ??
    updateClusterIps(service, spec, old, context) ??
    updatePorts(spec, old, new PortClaims(context.reader, context.dryRun));
  return refused ?? { ok: true, object: { ...service, spec } };
}

function initFamilies(spec: SpecDraft, old: ServiceSpec | undefined, context: StrategyContext): Refused | undefined {
  const families = serviceFamilies(context.reader);
  const errors = initIpFamilies(spec, old, { families, features: context.features });
  return errors.length > 0 ? { ok: false, errors } : undefined;
}

function allocateClusterIps(service: Service, spec: SpecDraft, context: StrategyContext): Refused | undefined {
  if (spec.type === 'ExternalName' || spec.clusterIPs?.[0] === CLUSTER_IP_NONE) return undefined;
  const { ipFamilies = [], clusterIPs = [] } = spec;
  const wanted = ipFamilies.map((family, i) => [family, clusterIPs[i] ?? ''] as const);
  const result = allocate(service, wanted, clusterIPs, context);
  if (!Array.isArray(result)) return result;
  spec.clusterIPs = [...result, ...clusterIPs.slice(result.length)];
  if (result[0] !== undefined) spec.clusterIP = result[0];
  return undefined;
}

/** An address for each family: the one asked for, or any. */
function allocate(
  service: Service,
  wanted: readonly (readonly [family: string, ip: string])[],
  given: readonly string[],
  { reader, dryRun }: StrategyContext,
): string[] | Refused {
  const pool = new AddressPool(reader, dryRun);
  const addresses: string[] = [];
  const shown = [...given, ...wanted.slice(given.length).map(() => '')];
  for (const [family, ip] of wanted) {
    // The families were checked to be the cluster's.
    const found = ip === '' ? pool.next(family as IpFamily) : ip;
    if (found === undefined) {
      const name = service.metadata.name ?? '';
      return { ok: false, status: internalError(`failed to allocate a serviceIP for Service "${name}": ${FULL}`) };
    }
    const refusal = ip === '' ? undefined : pool.reserve(ip, family as IpFamily);
    if (refusal !== undefined) {
      return { ok: false, errors: [invalid(CLUSTER_IPS, shown, `failed to allocate IP ${ip}: ${refusal}`)] };
    }
    addresses.push(found);
  }
  return addresses;
}

function updateClusterIps(
  service: Service,
  spec: SpecDraft,
  old: ServiceSpec,
  context: StrategyContext,
): Refused | undefined {
  if (isUntouchedPreference(spec, old)) return undefined;
  if (old.type === 'ExternalName' && spec.type !== 'ExternalName') return allocateClusterIps(service, spec, context);
  if (old.clusterIPs?.[0] === CLUSTER_IP_NONE) return undefined;
  const second = spec.ipFamilies?.[1];
  if (old.ipFamilies?.length !== 1 || spec.ipFamilies?.length !== 2 || second === undefined) return undefined;
  const clusterIPs = spec.clusterIPs ?? [];
  const result = allocate(
    service,
    [[second, clusterIPs[1] ?? '']],
    [clusterIPs[0] ?? '', clusterIPs[1] ?? ''],
    context,
  );
  if (!Array.isArray(result)) return result;
  spec.clusterIPs = [clusterIPs[0] ?? '', ...result];
  return undefined;
}

function createPorts(spec: SpecDraft, claims: PortClaims): Refused | undefined {
  const refused = hasNodePorts(spec) ? initNodePorts(spec, claims) : undefined;
  return refused ?? (needsHealthCheck(spec) ? reserveHealthCheckPort(spec, claims) : undefined);
}

function updatePorts(spec: SpecDraft, old: ServiceSpec, claims: PortClaims): Refused | undefined {
  const refused = hasNodePorts(spec) ? updateNodePorts(spec, old, claims) : undefined;
  if (refused || needsHealthCheck(old) || !needsHealthCheck(spec)) return refused;
  return reserveHealthCheckPort(spec, claims);
}

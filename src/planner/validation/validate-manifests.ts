// The API server's verdict on manifests, in a cluster where nothing runs: what decides about other objects (namespaces, classes,
// accounts, limits) is really created first, the rest is asked for as a dry run, so that a name that stands in two files is no clash.
import type { Status } from '../../apimachinery/status.ts';
import { decodeBody } from '../../apiserver/decode.ts';
import type { Answer, FieldValidation } from '../../apiserver/request.ts';
import { resourceNameOf } from '../../apiserver/resource.ts';
import { warningHeaders } from '../../apiserver/warning-headers.ts';
import { locate, type Manifest } from '../../manifests/manifest.ts';
import type { KubernetesVersion } from '../../schema/layout.ts';
import { aggregatedBy, notJudged } from '../apply/aggregated.ts';
import { bodyOf, strictField, unknownKind } from '../apply/apply-manifests.ts';
import { inApplyOrder } from '../apply/order.ts';
import { looseEnds } from '../references/join-ties.ts';
import { type Ties, tiesOf } from '../references/ties.ts';
import type { World } from '../world.ts';
import { decidersBeside, isPolicy } from './deciding.ts';
import type { ValidationCause, ValidationReport, ValidationResult } from './validation-report.ts';

export interface ValidateOptions {
  readonly kubernetesVersion: KubernetesVersion;
  readonly defaultNamespace: string;
  readonly fieldValidation: FieldValidation;
  /** Kinds that are not served are skipped and counted instead of refused. */
  readonly ignoreMissingSchemas: boolean;
  /** Whether the cluster was described, so that it can be told what it lacks. */
  readonly isClusterDescribed: boolean;
  /** References that lead nowhere are left alone. */
  readonly ignoreMissingReferences: boolean;
  /** Inputs that were no objects at all. */
  readonly errors: number;
}

/** An answer with what the object has to do with others, where that is of interest. */
export interface Verdict {
  readonly result: ValidationResult;
  readonly ties?: Ties;
}

export function validateManifests(
  world: World,
  manifests: readonly Manifest[],
  options: ValidateOptions,
): ValidationReport {
  const decided = judgeDeciding(world, manifests, options);
  const verdicts = manifests.map((manifest) => decided.get(manifest) ?? verdictOn(world, manifest, options));
  return reportOf(world, verdicts, (index) => manifests[index]!, options);
}

/**
 * Submits, in apply order, those of the manifests that decide about others; afterwards the others may be judged in any order.
 * Policies come last and judge those before them like the rest, as they do from the next time on that all are applied.
 */
export function judgeDeciding(
  world: World,
  manifests: readonly Manifest[],
  options: ValidateOptions,
): ReadonlyMap<Manifest, Verdict> {
  const deciding = inApplyOrder(manifests.filter(decidersBeside(manifests)));
  const first = new Map(deciding.map((manifest) => [manifest, verdictOn(world, manifest, options, 'stored')] as const));
  if (!deciding.some(isPolicy)) return first;
  return new Map(
    [...first].map(([manifest, verdict]) => {
      if (isPolicy(manifest) || !verdict.result.valid) return [manifest, verdict];
      const again = verdictOn(world, manifest, options);
      if (!again.result.valid) return [manifest, again];
      const { warnings } = again.result;
      return [manifest, { ...verdict, result: { ...verdict.result, warnings } }];
    }),
  );
}

/** `manifestAt` finds a manifest again of which a place is wanted. */
export function reportOf(
  world: World,
  verdicts: readonly Verdict[],
  manifestAt: (index: number) => Manifest,
  options: ValidateOptions,
): ValidationReport {
  const results = verdicts.map(({ result }) => result);
  const count = (is: (result: ValidationResult) => boolean): number => results.filter(is).length;
  const diagnostics = options.ignoreMissingReferences
    ? []
    : looseEnds(
        verdicts.map(({ result: { object }, ties }, index) => ({
          object,
          ties,
          locate: (field) => locate(manifestAt(index), field),
        })),
        {
          reader: world.server.reader,
          catalog: world.server.options.catalog,
          isDescribed: options.isClusterDescribed,
        },
      );
  return {
    apiVersion: 'kubeplan.dev/v1',
    kind: 'ValidationReport',
    formatVersion: '1.0',
    kubernetesVersion: options.kubernetesVersion,
    results,
    summary: {
      valid: count(({ valid, skipped }) => valid && !skipped),
      invalid: count(({ valid }) => !valid),
      skipped: count(({ skipped }) => skipped === true),
      errors: options.errors,
    },
    ...(diagnostics.length > 0 ? { diagnostics } : {}),
  };
}

/** The reports of several Kubernetes versions in one; each result then names its version. */
export function mergeReports(reports: readonly ValidationReport[]): ValidationReport {
  const [first, ...others] = reports;
  if (!first) throw new Error('no report to merge');
  if (others.length === 0) return first;
  const sum = (name: keyof ValidationReport['summary']): number =>
    reports.reduce((total, { summary }) => total + summary[name], 0);
  return {
    ...first,
    kubernetesVersion: reports.map(({ kubernetesVersion }) => kubernetesVersion).join(','),
    results: reports.flatMap(({ results, kubernetesVersion }) =>
      results.map((result) => ({ ...result, kubernetesVersion })),
    ),
    summary: { valid: sum('valid'), invalid: sum('invalid'), skipped: sum('skipped'), errors: first.summary.errors },
  };
}

/** What the API server says to one manifest; `stored`: it decides about others, and is there for them from now on. */
export function verdictOn(world: World, manifest: Manifest, options: ValidateOptions, how?: 'stored'): Verdict {
  const resource = world.server.options.catalog.byKind(manifest.apiVersion, manifest.kind);
  if (!resource) return { result: unserved(world, manifest, options) };
  const namespace = resource.namespaced ? (manifest.namespace ?? options.defaultNamespace) : undefined;
  ensureNamespace(world, namespace);
  const version = manifest.apiVersion.slice(manifest.apiVersion.indexOf('/') + 1);
  const decoded = decodeBody(
    bodyOf(manifest),
    { resource, version },
    options.kubernetesVersion,
    options.fieldValidation,
  );
  if (!decoded.ok) return { result: refused(manifest, namespace, decoded.status, [], decoded.field) };
  const at = base(manifest, namespace);
  const answer: Answer = world.server.handle({
    verb: 'create',
    resource: resourceNameOf(resource),
    apiVersion: manifest.apiVersion,
    object: decoded.object,
    cause: { who: 'user', source: at.source },
    dryRun: how !== 'stored',
    ...(namespace === undefined ? {} : { namespace }),
  });
  const warnings = warningHeaders([...decoded.warnings, ...answer.warnings]);
  // The verdict is on the object, not on whether there is one of its name.
  const isTaken = !answer.ok && answer.status.reason === 'AlreadyExists';
  if (!answer.ok && !isTaken) return { result: refused(manifest, namespace, answer.status, warnings) };
  const result = { source: at.source, object: at.object, valid: true, code: answer.code, causes: [], warnings };
  const ties = options.ignoreMissingReferences ? undefined : tiesOf(decoded.object, namespace);
  return ties ? { result, ties } : { result };
}

/** Nothing deletes a namespace while manifests are judged. */
const ENSURED = new WeakMap<World, Set<string>>();

/** Manifests are often checked without those of their namespace: it is taken to exist, with its default service account. */
function ensureNamespace(world: World, namespace: string | undefined): void {
  if (namespace === undefined || ENSURED.get(world)?.has(namespace)) return;
  ENSURED.set(world, (ENSURED.get(world) ?? new Set()).add(namespace));
  const { catalog } = world.server.options;
  const namespaces = catalog.byKind('v1', 'Namespace');
  if (!namespaces) return;
  const cause = { who: 'kubeplan' };
  if (!world.server.find(namespaces, undefined, namespace))
    world.server.restore(
      namespaces,
      restorable({
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: { name: namespace },
        spec: { finalizers: ['kubernetes'] },
        status: { phase: 'Active' },
      }),
      cause,
    );
  const accounts = catalog.byKind('v1', 'ServiceAccount');
  if (accounts && !world.server.find(accounts, namespace, 'default'))
    world.server.restore(
      accounts,
      restorable({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace } }),
      cause,
    );
}

function restorable<T extends { readonly apiVersion: string; readonly kind: string; readonly metadata: object }>(
  object: T,
): T {
  return object;
}

function unserved(
  world: World,
  manifest: Manifest,
  { ignoreMissingSchemas, kubernetesVersion }: ValidateOptions,
): ValidationResult {
  const elsewhere = aggregatedBy(manifest, world.server.reader);
  const { message, nextStep } =
    elsewhere === undefined ? unknownKind(manifest, kubernetesVersion) : notJudged(manifest, elsewhere);
  const at = base(manifest, manifest.namespace);
  if (ignoreMissingSchemas || elsewhere !== undefined)
    return { ...at, valid: true, skipped: true, code: 404, reason: 'NoMatch', message, causes: [], warnings: [] };
  const text = nextStep ? `${message}. ${nextStep}` : message;
  const { line, column } = locate(manifest, 'kind');
  const place = { ...(line === undefined ? {} : { line }), ...(column === undefined ? {} : { column }) };
  return {
    ...at,
    source: { ...at.source, ...place },
    valid: false,
    code: 404,
    reason: 'NoMatch',
    message: text,
    causes: [],
    warnings: [],
  };
}

function refused(
  manifest: Manifest,
  namespace: string | undefined,
  status: Status,
  warnings: readonly string[],
  /** Where the body could not be read. */
  unread?: string,
): ValidationResult {
  const causes: ValidationCause[] = (status.details?.causes ?? []).map(({ field = '', reason = '', message = '' }) => {
    const { line, column } = locate(manifest, field);
    return {
      field,
      reason,
      message,
      ...(line === undefined ? {} : { line }),
      ...(column === undefined ? {} : { column }),
    };
  });
  const { code, reason, message } = status;
  const field = causes.length === 0 ? (unread ?? strictField(message ?? '')) : undefined;
  return {
    ...base(manifest, namespace),
    ...(field === undefined ? {} : { source: locate(manifest, field) }),
    valid: false,
    code,
    ...(reason ? { reason } : {}),
    ...(message ? { message } : {}),
    causes,
    warnings,
  };
}

function base(manifest: Manifest, namespace: string | undefined): Pick<ValidationResult, 'source' | 'object'> {
  const { apiVersion, kind, name } = manifest;
  return {
    source: locate(manifest),
    object: namespace === undefined ? { apiVersion, kind, name } : { apiVersion, kind, namespace, name },
  };
}

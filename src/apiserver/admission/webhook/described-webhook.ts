// What the description of a cluster says of its webhooks: nobody can call them offline, but somebody may know what they answer.
import type { PatchOperation } from '../../../apimachinery/patches/json-patch.ts';
import { cel } from '../../cel/loaded.ts';
import type { CompiledExpression } from '../../cel/policy-compiler.ts';
import type { CelValue } from '../../cel/values/value.ts';

export interface DescribedWebhook {
  /** The webhook's own name, `inject.example.com`. */
  readonly name: string;
  /** The configuration it stands in, where its name alone does not tell. */
  readonly configuration?: string;
  /** A CEL expression, as in match conditions, that tells for which requests this is the answer; for all when absent. */
  readonly when?: string;
  readonly answer: 'allow' | 'deny' | 'patch' | 'fail';
  /** Why it denies, or why it cannot be reached. */
  readonly message?: string;
  readonly reason?: string;
  readonly code?: number;
  readonly warnings?: readonly string[];
  /** A JSON patch; only mutating webhooks may answer with one. */
  readonly patch?: readonly PatchOperation[];
}

const conditions = new WeakMap<DescribedWebhook, CompiledExpression>();

/** The first description that fits the call; undefined when there is none. */
export function answerOf(
  described: readonly DescribedWebhook[],
  configuration: string,
  webhook: string,
  bindings: () => ReadonlyMap<string, CelValue>,
): DescribedWebhook | undefined {
  return described.find(
    (one) =>
      one.name === webhook &&
      (one.configuration === undefined || one.configuration === configuration) &&
      holds(one, bindings),
  );
}

function holds(described: DescribedWebhook, bindings: () => ReadonlyMap<string, CelValue>): boolean {
  if (described.when === undefined) return true;
  const compiled = conditionOf(described);
  if (!compiled.ok) return false;
  const result = compiled.program.evaluate(bindings());
  return result.ok && result.value === true;
}

function conditionOf(described: DescribedWebhook): CompiledExpression {
  let known = conditions.get(described);
  if (!known) {
    const compiler = new (cel().PolicyCompiler)({ hasParams: false, composes: false });
    conditions.set(described, (known = compiler.compile('matchCondition', described.when ?? 'true')));
  }
  return known;
}

/** What is wrong with the expression of a description. */
export function conditionError(described: DescribedWebhook): string | undefined {
  if (described.when === undefined) return undefined;
  const compiled = conditionOf(described);
  return compiled.ok ? undefined : compiled.detail;
}

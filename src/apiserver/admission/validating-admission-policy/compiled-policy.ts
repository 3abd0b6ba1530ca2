// A ValidatingAdmissionPolicy with its expressions compiled, once for each version of the policy.
// Behaviour: [apiserver]/pkg/admission/plugin/policy/validating/plugin.go (compilePolicy), Kubernetes v1.36.3.
import type { ValidatingAdmissionPolicy } from '../../../schema/generated/types/admissionregistration-v1.ts';
import { cel } from '../../cel/loaded.ts';
import type { CompiledExpression, PolicyCompiler, Purpose } from '../../cel/policy-compiler.ts';
import type { PolicyExpression } from '../../cel/policy-evaluation.ts';

interface CompiledPolicy {
  readonly variables: ReadonlyMap<string, CompiledExpression>;
  readonly conditions: readonly PolicyExpression[];
  readonly validations: readonly PolicyExpression[];
  /** Undefined where a validation has no message expression. */
  readonly messages: readonly (PolicyExpression | undefined)[];
  readonly auditAnnotations: readonly PolicyExpression[];
}

const compiled = new WeakMap<ValidatingAdmissionPolicy, CompiledPolicy>();

export function compiledPolicy(policy: ValidatingAdmissionPolicy): CompiledPolicy {
  let known = compiled.get(policy);
  if (!known) compiled.set(policy, (known = compile(policy)));
  return known;
}

function compile({ spec }: ValidatingAdmissionPolicy): CompiledPolicy {
  const { variables = [], matchConditions = [], validations = [], auditAnnotations = [] } = spec;
  const compiler = new (cel().PolicyCompiler)({ hasParams: spec.paramKind !== undefined, composes: true });
  return {
    variables: new Map(variables.map(({ name, expression }) => [name, compiler.declare(name, expression)])),
    conditions: matchConditions.map(({ expression }) => expressionOf(compiler, 'matchCondition', expression)),
    validations: validations.map(({ expression }) => expressionOf(compiler, 'validation', expression)),
    messages: validations.map(({ messageExpression }) =>
      messageExpression ? expressionOf(compiler, 'message', messageExpression) : undefined,
    ),
    auditAnnotations: auditAnnotations.map(({ valueExpression }) =>
      expressionOf(compiler, 'auditAnnotation', valueExpression),
    ),
  };
}

export function expressionOf(compiler: PolicyCompiler, purpose: Purpose, text: string): PolicyExpression {
  return { text, compiled: compiler.compile(purpose, text) };
}

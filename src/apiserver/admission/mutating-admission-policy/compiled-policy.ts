// A MutatingAdmissionPolicy with its expressions compiled, once for each version of the policy.
// Behaviour: [apiserver]/pkg/admission/plugin/policy/mutating/compilation.go, Kubernetes v1.36.3.
import type { MutatingAdmissionPolicy } from '../../../schema/generated/types/admissionregistration-v1.ts';
import { cel } from '../../cel/loaded.ts';
import type { CompiledExpression } from '../../cel/policy-compiler.ts';
import type { PolicyExpression } from '../../cel/policy-evaluation.ts';
import { expressionOf } from '../validating-admission-policy/compiled-policy.ts';

export interface CompiledMutation extends PolicyExpression {
  readonly patchType: 'ApplyConfiguration' | 'JSONPatch';
}

interface CompiledPolicy {
  readonly variables: ReadonlyMap<string, CompiledExpression>;
  readonly conditions: readonly PolicyExpression[];
  readonly mutations: readonly CompiledMutation[];
}

const compiled = new WeakMap<MutatingAdmissionPolicy, CompiledPolicy>();

export function compiledPolicy(policy: MutatingAdmissionPolicy): CompiledPolicy {
  let known = compiled.get(policy);
  if (!known) compiled.set(policy, (known = compile(policy)));
  return known;
}

function compile({ spec }: MutatingAdmissionPolicy): CompiledPolicy {
  const { variables = [], matchConditions = [], mutations = [] } = spec;
  const compiler = new (cel().PolicyCompiler)({ hasParams: spec.paramKind !== undefined, composes: true });
  return {
    variables: new Map(variables.map(({ name, expression }) => [name, compiler.declare(name, expression)])),
    conditions: matchConditions.map(({ expression }) => expressionOf(compiler, 'matchCondition', expression)),
    mutations: mutations.map(({ jsonPatch, applyConfiguration, patchType }) =>
      patchType === 'JSONPatch'
        ? { patchType, ...expressionOf(compiler, 'jsonPatch', jsonPatch?.expression ?? '') }
        : {
            patchType: 'ApplyConfiguration' as const,
            ...expressionOf(compiler, 'applyConfiguration', applyConfiguration?.expression ?? ''),
          },
    ),
  };
}

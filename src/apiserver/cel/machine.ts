// What the API server uses of CEL; loaded as one (see loaded.ts), so import it as a type only.

export * as mutations from '../admission/mutating-admission-policy/mutation.ts';
export * as decisions from '../admission/validating-admission-policy/decisions.ts';
export * as definitionRules from '../apiextensions/custom-resource-definition/rule-validation.ts';
export * as rules from '../custom-resources/rules/evaluate-rules.ts';
export * as devices from '../resource/device-selector.ts';
export { compile, PER_CALL_LIMIT } from './compile.ts';
export { AuthorizerValue, ResourceCheck } from './library/authorizer.ts';
export { PolicyCompiler } from './policy-compiler.ts';
export { COST_BUDGET, evaluateAll, MATCH_CONDITIONS_BUDGET } from './policy-evaluation.ts';
export { PolicyTypeChecker } from './policy-type-check.ts';
export { declTypeOfCustom, declTypeOfStruct } from './schema/layout-type.ts';
export { fromData } from './values/collections.ts';

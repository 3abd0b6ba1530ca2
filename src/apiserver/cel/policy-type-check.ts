// Checks the expressions of a policy against the types of what it matches: what is wrong with them is a warning, no more.
// Behaviour: [apiserver]/pkg/admission/plugin/policy/validating/typechecking.go, Kubernetes v1.36.3.
// Differs: upstream ends the names of types with the nanosecond of the check, here they end with 0.
import { compile } from './compile.ts';
import { typeCheckEnvironment } from './environments.ts';
import { fieldType } from './policy-compiler.ts';
import { type DeclType, nameTypes } from './schema/decl-type.ts';
import * as types from './values/types.ts';

export interface CheckedKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly declared: DeclType;
}

interface TypeCheckInput {
  /** What the policy matches, sorted. */
  readonly kinds: readonly CheckedKind[];
  /** Absent: the policy has none; without a type they may be anything. */
  readonly params?: { readonly kind: string; readonly declared?: DeclType };
  readonly variables: readonly { readonly name: string; readonly expression: string }[];
}

/** Types by what they were before they were named. */
const named = new WeakMap<DeclType, DeclType>();

function namedAfter(declared: DeclType, kind: string): DeclType {
  let type = named.get(declared);
  if (!type) named.set(declared, (type = nameTypes(declared, `${kind}0`)));
  return type;
}

export class PolicyTypeChecker {
  readonly #checks: readonly ((expression: string) => string | undefined)[];

  constructor({ kinds, params, variables }: TypeCheckInput) {
    const paramsType = params && (params.declared ? namedAfter(params.declared, params.kind) : 'dynamic');
    this.#checks = kinds.map(({ group, version, kind, declared }) => {
      const fields = new Map<string, DeclType>();
      const environment = typeCheckEnvironment({
        object: namedAfter(declared, kind),
        ...(paramsType === undefined ? {} : { params: paramsType }),
        variables: fields,
      });
      for (const { name, expression } of variables) {
        const compiled = compile(expression, environment);
        const type = compiled.ok ? fieldType(compiled.type) : types.DYN;
        fields.set(name, { type, maxElements: 0n, minSerializedSize: 1 });
      }
      return (expression) => {
        const compiled = compile(expression, environment);
        // Whether a program can be made of it is no question of types.
        if (compiled.ok || compiled.unplanned) return undefined;
        return `${group}/${version}, Kind=${kind}: ${compiled.error}\n`;
      };
    });
  }

  /** What is wrong with the expression, kind by kind; undefined when nothing is. */
  check(expression: string): string | undefined {
    const warnings = this.#checks.flatMap((check) => check(expression) ?? []);
    return warnings.length > 0 ? warnings.join('\n') : undefined;
  }
}

// What a failed rule says: its messageExpression where that gives a text, else its message, else the rule itself.
// Behaviour: [apiextensions-apiserver]/pkg/apiserver/schema/cel/validation.go (evalMessageExpression), Kubernetes v1.36.3.
import { goQuote } from '../../../apimachinery/go/quote.ts';
import { trimSpace } from '../../../apimachinery/go/trim-space.ts';
import { byteLength } from '../../../apimachinery/go/utf8.ts';
import type { ValidationRule } from '../../../schema/generated/types/apiextensions-v1.ts';
import type { Program } from '../../cel/compile.ts';
import { LIMIT_EXCEEDED } from '../../cel/interpreter/cost-tracker.ts';
import type { CelValue } from '../../cel/values/value.ts';

const MAX_BYTES = 5 * 1024;
const OUT_OF_BUDGET =
  'messageExpression evaluation failed due to running out of cost budget, no further validation rules will be run';

type RuleMessage =
  | { readonly text: string | undefined; readonly cost: number }
  /** Nothing more may be asked. */
  | { readonly exceeded: string };

/** Without a text where the expression fails or gives nothing fit to print. */
export function evaluateMessage(
  program: Program,
  source: string,
  variables: ReadonlyMap<string, CelValue>,
  budget: number,
): RuleMessage {
  const result = program.evaluate(variables);
  if (result.cost > budget) return { exceeded: OUT_OF_BUDGET };
  if (!result.ok) {
    if (!result.error.startsWith(LIMIT_EXCEEDED)) return { text: undefined, cost: result.cost };
    const detail = 'no further validation rules will be run due to call cost exceeds limit for messageExpression';
    return { exceeded: `${detail}: ${goQuote(source)}` };
  }
  const text = typeof result.value === 'string' ? trimSpace(result.value) : '';
  const isFit = text !== '' && byteLength(text) <= MAX_BYTES && !text.includes('\n');
  return { text: isFit ? text : undefined, cost: result.cost };
}

export function messageOrDefault(rule: ValidationRule): string {
  return rule.message ? trimSpace(rule.message) : `failed rule: ${ruleName(rule)}`;
}

/** How errors call a rule. */
export function ruleName({ rule, message }: ValidationRule): string {
  return trimSpace(message || rule);
}

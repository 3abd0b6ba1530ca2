// `-o go-template`: an object through a template.
// Behaviour: staging/src/k8s.io/cli-runtime/pkg/printers/template.go, Kubernetes v1.36.3.
import { goMarshal } from '../../../apimachinery/go/json.ts';
import { goQuote } from '../../../apimachinery/go/quote.ts';
import { goText } from '../go-value.ts';
import { executeTemplate } from './execute.ts';
import { FUNCTION_NAMES } from './functions.ts';
import { parseTemplate, type Template } from './parser.ts';

/** Throws TemplateError. */
export function readTemplate(text: string): Template {
  return parseTemplate(text, FUNCTION_NAMES);
}

/** What is printed, and the error that ended it: kubectl also prints what the template was given. */
export function templateText(
  template: Template,
  object: unknown,
  allowMissingKeys: boolean,
): { readonly text: string; readonly error?: string } {
  const { text, error } = executeTemplate(template, object, !allowMissingKeys);
  if (error === undefined) return { text };
  const debugging = [
    `Error executing template: ${error}. Printing more information for debugging the template:`,
    `\ttemplate was:\n\t\t${template.text}`,
    `\traw data was:\n\t\t${goMarshal(object)}`,
    `\tobject given to template engine was:\n\t\t${goText(object)}\n\n`,
  ];
  return { text: text + debugging.join('\n'), error: `error executing template ${goQuote(template.text)}: ${error}` };
}

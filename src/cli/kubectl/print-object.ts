// The formats of -o that print whole objects, and what -o does for the verbs that change something.
// Behaviour: staging/src/k8s.io/cli-runtime/pkg/genericclioptions/{print_flags,jsonpath_flags,template_flags,name_flags}.go and
// pkg/printers/{jsonpath,yaml,kyaml,name}.go, Kubernetes v1.36.3.
import { goQuote } from '../../apimachinery/go/quote.ts';
import { isMap } from '../../apimachinery/json.ts';
import { writeYaml } from '../../manifests/writer/write-yaml.ts';
import {
  type FormatFlags,
  nameOf,
  type OpenedFormat,
  type OpenFormat,
  withoutManagedFields,
} from '../../planner/apply/kubectl/output/printer.ts';
import { goSyntax } from '../../report/kubectl/go-syntax.ts';
import { TemplateError } from '../../report/kubectl/go-template/template-error.ts';
import { readTemplate, templateText } from '../../report/kubectl/go-template/template-output.ts';
import { jsonText, jsonTextInOrder, sortedKeys } from '../../report/kubectl/json-output.ts';
import { findResults, jsonPathText } from '../../report/kubectl/jsonpath/evaluate.ts';
import { JsonPathError, parseJsonPath } from '../../report/kubectl/jsonpath/parser.ts';
import { kyamlText, kyamlTextInOrder } from '../../report/kubectl/kyaml-output.ts';
import type { ParsedArguments } from './arguments.ts';
import type { KubectlContext } from './context.ts';
import { KubectlError, type Output } from './outcome.ts';

export const WHOLE_FORMATS: readonly string[] = [
  'go-template',
  'go-template-file',
  'json',
  'jsonpath',
  'jsonpath-as-json',
  'jsonpath-file',
  'kyaml',
  'name',
  'template',
  'templatefile',
  'yaml',
];
const TEMPLATES = ['go-template', 'go-template-file', 'template', 'templatefile'];
const PATHS = ['jsonpath', 'jsonpath-as-json', 'jsonpath-file'];
const IN_FILES = ['go-template-file', 'templatefile', 'jsonpath-file'];
const ERR_NO_TEMPLATE = 'template format specified but no template given';

export interface OutputFormat {
  readonly name: string;
  readonly argument: string;
}

/** Throws KubectlError for a format nobody knows. */
export function outputFormat(given: FormatFlags, formats: readonly string[]): OutputFormat {
  const template = given.value('template') ?? '';
  const text = given.value('output') || (template === '' ? '' : 'go-template');
  const equals = text.indexOf('=');
  const name = equals < 0 ? text : text.slice(0, equals);
  const argument = equals < 0 ? '' : text.slice(equals + 1);
  const takesArgument = TEMPLATES.includes(name) || PATHS.includes(name) || name.startsWith('custom-columns');
  if (name !== '' && (!formats.includes(name) || (equals >= 0 && !takesArgument)))
    throw new KubectlError(
      `unable to match a printer suitable for the output format ${goQuote(text)}, allowed formats are: ${formats.join(',')}`,
    );
  return { name, argument: takesArgument && template !== '' && equals < 0 ? template : argument };
}

export type PrintWhole = NonNullable<OpenedFormat['printWhole']>;

/** For the commands on files, whose objects are maps. */
export const openFormat: OpenFormat = (given, files) => {
  const format = outputFormat(given, WHOLE_FORMATS);
  return { name: format.name, printWhole: wholePrinter(format, given, { files }) };
};

/** A printer of whole objects; undefined for the formats that print none. Throws KubectlError for a template that cannot be read. */
export function wholePrinter(
  format: OutputFormat,
  given: FormatFlags,
  context: Pick<KubectlContext, 'files'>,
  isTyped = false,
): PrintWhole | undefined {
  const { name } = format;
  if (name === 'json' || name === 'yaml' || name === 'kyaml')
    return plainPrinter(name, given.flag('show-managed-fields'), isTyped);
  const isTemplate = TEMPLATES.includes(name);
  if (!isTemplate && !PATHS.includes(name)) return undefined;
  if (format.argument === '') throw new KubectlError(ERR_NO_TEMPLATE);
  const text = IN_FILES.includes(name) ? contentOf(format.argument, context) : format.argument;
  const allowMissingKeys = !given.has('allow-missing-template-keys') || given.flag('allow-missing-template-keys');
  return isTemplate ? templatePrinter(text, allowMissingKeys) : pathPrinter(text, name, allowMissingKeys);
}

function plainPrinter(name: 'json' | 'yaml' | 'kyaml', isWhole: boolean, isTyped: boolean): PrintWhole {
  const [inOrder, sorted] =
    name === 'json'
      ? [jsonTextInOrder, jsonText]
      : name === 'kyaml'
        ? [kyamlTextInOrder, kyamlText]
        : [writeYaml, writeYaml];
  let count = 0;
  return (given, output, isStruct = false) => {
    const object = isWhole ? given : plainObject(given);
    if (name === 'yaml' && count > 0) output.print('---\n');
    output.print(
      isTyped ? inOrder(object) : isStruct && name !== 'yaml' ? inOrder(withSortedFields(object)) : sorted(object),
    );
    count += 1;
  };
}

/** A struct that holds unstructured objects. */
function withSortedFields(struct: unknown): unknown {
  if (!isMap(struct)) return struct;
  return Object.fromEntries(Object.entries(struct).map(([field, value]) => [field, sortedKeys(value)]));
}

function plainObject(object: unknown): unknown {
  if (!isMap(object)) return object;
  const { items } = object;
  // What is printed is JSON.
  if (Array.isArray(items)) return { ...object, items: items.map(plainObject) };
  return withoutManagedFields(object as Parameters<typeof withoutManagedFields>[0]);
}

function contentOf(path: string, { files }: Pick<KubectlContext, 'files'>): string {
  try {
    if (files.kind(path) === 'missing') throw new Error(`open ${path}: no such file or directory`);
    return files.read(path);
  } catch (error) {
    throw new KubectlError(`error reading --template ${path}, ${error instanceof Error ? error.message : error}`);
  }
}

function templatePrinter(text: string, allowMissingKeys: boolean): PrintWhole {
  const template = orError(() => readTemplate(text), `error parsing template ${text}, `);
  return (object, output) => {
    const printed = templateText(template, object, allowMissingKeys);
    output.print(printed.text);
    if (printed.error !== undefined) throw new KubectlError(printed.error);
  };
}

function pathPrinter(text: string, name: string, allowMissingKeys: boolean): PrintWhole {
  const path = orError(() => parseJsonPath(text), `error parsing jsonpath ${text}, `);
  return (object, output) => {
    try {
      const results = findResults(path, object, { allowMissingKeys });
      output.print(
        name === 'jsonpath-as-json' ? results.map((values) => jsonText(values)).join('') : jsonPathText(results),
      );
    } catch (error) {
      if (!(error instanceof JsonPathError)) throw error;
      const debugging = [
        `Error executing template: ${error.message}. Printing more information for debugging the template:`,
        `\ttemplate was:\n\t\t${text}`,
        `\tobject given to jsonpath engine was:\n\t\t${goSyntax(object)}\n\n`,
      ];
      throw new KubectlError(`error executing jsonpath ${goQuote(text)}: ${debugging.join('\n')}\n`);
    }
  };
}

function orError<T>(read: () => T, head: string): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof JsonPathError || error instanceof TemplateError) throw new KubectlError(head + error.message);
    throw error;
  }
}

export type DryRun = 'none' | 'client' | 'server';

const SUFFIXES: Readonly<Record<DryRun, string>> = { none: '', client: ' (dry run)', server: ' (server dry run)' };

interface PrinterOptions {
  readonly dryRun: DryRun;
  /** Whether the objects are Go structs, whose fields keep their order in JSON. */
  readonly isTyped: boolean;
  /** Whether a printer is made for each object, when it is printed: then no line stands between them. */
  readonly opensLate: boolean;
}

interface OpenPrinter {
  readonly format: OutputFormat;
  readonly whole: PrintWhole | undefined;
}

/** Prints what was done to an object: its name and the operation, or the object as -o wants it. */
export class VerbPrinter {
  readonly #given: ParsedArguments;
  readonly #context: KubectlContext;
  readonly #output: Output;
  readonly #dryRun: DryRun;
  readonly #isTyped: boolean;
  /** The one printer of the command. */
  readonly #opened: OpenPrinter | undefined;

  constructor(
    given: ParsedArguments,
    context: KubectlContext,
    output: Output,
    { dryRun, isTyped, opensLate }: PrinterOptions,
  ) {
    this.#given = given;
    this.#context = context;
    this.#output = output;
    this.#dryRun = dryRun;
    this.#isTyped = isTyped;
    if (!opensLate) this.#opened = this.#open();
  }

  /** Throws KubectlError for a format nobody knows. */
  #open(): OpenPrinter {
    if (this.#opened) return this.#opened;
    const format = outputFormat(this.#given, WHOLE_FORMATS);
    return { format, whole: wholePrinter(format, this.#given, this.#context, this.#isTyped) };
  }

  /** Whether -o asks for whole objects. */
  get isWhole(): boolean {
    return this.#open().whole !== undefined;
  }

  print(object: unknown, operation: string): void {
    const { format, whole } = this.#open();
    if (whole) {
      whole(object, this.#output);
      return;
    }
    const name = nameOf(object as Parameters<typeof nameOf>[0]);
    this.#output.print(format.name === 'name' ? `${name}\n` : `${name} ${operation}${SUFFIXES[this.#dryRun]}\n`);
  }
}

// A subcommand of `kubectl create`: its flags, and the object that it makes of them.
import type { JsonMap } from '../../../../apimachinery/json.ts';
import type { FlagSpecs, ParsedArguments } from '../../arguments.ts';
import type { KubectlContext } from '../../context.ts';
import type { Output } from '../../outcome.ts';

export interface GeneratorInput {
  readonly given: ParsedArguments;
  readonly context: KubectlContext;
  readonly output: Output;
  readonly name: string;
  /** Arguments behind the name. */
  readonly rest: readonly string[];
}

export interface Generator {
  readonly flags: FlagSpecs;
  readonly required?: readonly string[];
  /** Stands before what the server says of a refusal; it is told as it is when absent. */
  readonly failure?: string;
  /** Throws KubectlError. The namespace is put in by the command. */
  build(input: GeneratorInput): JsonMap;
}

/** Values of a flag that takes several at once, joined by commas. */
export function sliceFlag(given: ParsedArguments, name: string): readonly string[] {
  return given.list(name).flatMap((text) => (text === '' ? [] : text.split(',')));
}

export function unique(values: readonly string[]): readonly string[] {
  return [...new Set(values)];
}

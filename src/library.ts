// What programs get from `import … from 'kubeplan'`: plans and verdicts as functions of texts, their types, and outputs. Nothing here reads
// files, environment or clock, prints, or keeps state between calls; the heavy parts load with the first call.
import type { Diagnostic } from './apimachinery/diagnostic.ts';
import type { PlanOptions } from './cli/plan-texts.ts';
import type { Plan } from './planner/changes/plan.ts';
import type { OutputFormat } from './report/formats.ts';

export type { Diagnostic, ObjectRef, SourceLocation } from './apimachinery/diagnostic.ts';
export type { PlanOptions, Texts } from './cli/plan-texts.ts';
export type * from './planner/changes/plan.ts';
export type { OutputFormat } from './report/formats.ts';

export interface RenderOptions {
  /** Characters in a line of text; 80 when absent. */
  readonly width?: number;
  readonly color?: boolean;
  /** Every object and every field. */
  readonly full?: boolean;
  /** Unchanged lines around each change. */
  readonly context?: number;
}

/** The input cannot be read: broken YAML, a wrong cluster, an unknown version. What the API server refuses is in the plan instead. */
export class InputError extends Error {
  readonly diagnostics: readonly Diagnostic[];

  constructor(message: string, diagnostics: readonly Diagnostic[]) {
    super(message);
    this.name = 'InputError';
    this.diagnostics = diagnostics;
  }
}

/** What applying the manifests would do to the cluster. */
export async function plan(options: PlanOptions): Promise<Plan> {
  const { planTexts } = await import('./cli/plan-texts.ts');
  const made = await planTexts(options);
  if ('plan' in made) return made.plan;
  throw new InputError(made.message, made.diagnostics);
}

/** A plan in one of the outputs of the command line. */
export async function render(document: Plan, format: OutputFormat, options: RenderOptions = {}): Promise<string> {
  const { reporters } = await import('./report/reporters.ts');
  const load = Object.hasOwn(reporters, format) ? reporters[format] : undefined;
  if (!load) throw new InputError(`unknown output ${format}; known are ${Object.keys(reporters).join(', ')}`, []);
  const { width = 80, color = false, full = false, context } = options;
  return (await load())(document, { width, color, full, ...(context === undefined ? {} : { context }) });
}

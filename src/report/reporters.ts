// Every output of a plan by its -o name, loaded when asked for. A new output is a file with one Reporter and a line here and in formats.ts;
// one that shows only problems goes into findings/reporters.ts and serves `validate` too.
import { findingsOfPlan } from './findings/findings.ts';
import { type FindingsFormat, findingsReporters } from './findings/reporters.ts';
import type { OutputFormat } from './formats.ts';
import type { Reporter } from './reporter.ts';

type Load = () => Promise<Reporter>;

const ofFindings = Object.fromEntries(
  Object.entries(findingsReporters).map(([name, load]): [string, Load] => [
    name,
    async () => {
      const render = await load();
      return (plan) => render(findingsOfPlan(plan));
    },
  ]),
) as Readonly<Record<FindingsFormat, Load>>; // the keys are those of findingsReporters

export const reporters: Readonly<Record<string, Load>> = {
  text: async () => (await import('./text/text.ts')).text,
  json: async () => (await import('./json/json.ts')).json,
  jsonl: async () => (await import('./json/jsonl.ts')).jsonl,
  yaml: async () => (await import('./json/yaml.ts')).yaml,
  diff: async () => (await import('./diff/diff.ts')).diff,
  markdown: async () => (await import('./markdown/markdown.ts')).markdown,
  ...ofFindings,
} satisfies Readonly<Record<OutputFormat, Load>>;

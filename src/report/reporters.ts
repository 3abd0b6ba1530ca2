// Every output by its -o name, loaded when asked for. A new output is a file with one Reporter and a line here.
import type { Reporter } from './reporter.ts';

export const reporters = {
  text: async () => (await import('./text/text.ts')).text,
  json: async () => (await import('./json/json.ts')).json,
  yaml: async () => (await import('./json/yaml.ts')).yaml,
} satisfies Readonly<Record<string, () => Promise<Reporter>>>;

export type ReporterName = keyof typeof reporters;

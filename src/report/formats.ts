// The names of the outputs of a plan, apart from what makes them: help, completion and the library's types need no more.

export const OUTPUT_FORMATS = [
  'text',
  'json',
  'jsonl',
  'yaml',
  'markdown',
  'diff',
  'sarif',
  'junit',
  'github',
  'gitlab',
  'tap',
] as const;

export type OutputFormat = (typeof OUTPUT_FORMATS)[number];

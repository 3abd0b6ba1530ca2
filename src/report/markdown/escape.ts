// Text made safe for Markdown on GitHub and GitLab: shown as it is, no markup, no mention of people, no links to issues.

/** Markdown's own letters as entities, which no parser reads as markup. */
const MARKUP = /[&<>"'\\`*_[\]~|#!$:@]/g;

/** A text in one line of code; inside code nobody is mentioned and nothing is linked. */
export function code(text: string): string {
  return `<code>${inline(text)}</code>`;
}

/** One line: a newline would end a table's row. */
export function inline(text: string): string {
  return text.replace(/\s*\r?\n\s*/g, ' ').replace(MARKUP, (letter) => `&#${letter.charCodeAt(0)};`);
}

/** A fenced block whose fence is longer than any in the text. */
export function fenced(language: string, lines: readonly string[]): string[] {
  const longest = Math.max(2, ...lines.flatMap((line) => (line.match(/`+/g) ?? []).map((run) => run.length)));
  const fence = '`'.repeat(longest + 1);
  return [`${fence}${language}`, ...lines, fence];
}

export function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

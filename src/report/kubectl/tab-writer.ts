// Aligns tab-separated cells into columns, as kubectl's tables and descriptions are.
// Behaviour: github.com/liggitt/tabwriter (text/tabwriter with remembered widths), as kubectl v1.36.3 uses it.

interface TabWriterOptions {
  readonly minWidth: number;
  readonly padding: number;
  /** Whether a column stays as wide as it was in an earlier block of lines. */
  readonly rememberWidths: boolean;
}

export const TABLE_LAYOUT: TabWriterOptions = { minWidth: 6, padding: 3, rememberWidths: true };
export const DESCRIBE_LAYOUT: TabWriterOptions = { minWidth: 0, padding: 2, rememberWidths: false };

/** A cell counts for a column only when a tab ends it, so the last cell of a line never widens anything. */
export function alignTabs(text: string, { minWidth, padding, rememberWidths }: TabWriterOptions): string {
  const lines = text.split('\n').map((line) => line.split('\t'));
  const widths: number[] = [];
  const remembered: number[] = [];
  const written: string[] = [];

  const writeLines = (from: number, to: number): void => {
    for (let i = from; i < to; i++) {
      written[i] = lines[i]!.map((cell, column) =>
        column < widths.length ? cell + ' '.repeat(Math.max(0, widths[column]! - widthOf(cell))) : cell,
      ).join('');
    }
  };
  const formatColumn = (from: number, to: number): void => {
    const column = widths.length;
    let start = from;
    for (let i = from; i < to; i++) {
      if (column >= lines[i]!.length - 1) continue;
      writeLines(start, i);
      start = i;
      let width = minWidth;
      for (; i < to && column < lines[i]!.length - 1; i++) {
        width = Math.max(width, widthOf(lines[i]![column]!) + padding);
      }
      if (rememberWidths) {
        width = Math.max(width, remembered[column] ?? 0);
        remembered[column] = width;
      }
      widths.push(width);
      formatColumn(start, i);
      widths.pop();
      start = i;
    }
    writeLines(start, to);
  };
  formatColumn(0, lines.length);
  return written.join('\n');
}

function widthOf(cell: string): number {
  let width = 0;
  for (const _ of cell) width++;
  return width;
}

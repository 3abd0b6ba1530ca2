// A table of objects as `kubectl get` prints it.
// Behaviour: staging/src/k8s.io/cli-runtime/pkg/printers/tableprinter.go, Kubernetes v1.36.3.
import type { KubeObject } from '../../apimachinery/object.ts';
import { formatLabels } from '../../selectors/label-selector.ts';
import { goText } from './go-value.ts';

export type Cell = string | number | boolean | null;

export interface Column {
  readonly name: string;
  /** Shown with -o wide only. */
  readonly isWide: boolean;
  /** Takes `kind/` in front where kinds are shown. */
  readonly isName: boolean;
}

export interface Table {
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
}

interface Row {
  readonly object: KubeObject;
  readonly cells: readonly Cell[];
}

export interface TableOptions {
  readonly isWide: boolean;
  readonly noHeaders: boolean;
  readonly withNamespace: boolean;
  /** `deployment.apps`; absent where names stand alone. */
  readonly kind?: string;
  readonly labelColumns: readonly string[];
  readonly showLabels: boolean;
}

/** `Name|Ready|IP+`: a plus for columns of -o wide; the column called Name takes the kind. */
export function columnsOf(text: string): readonly Column[] {
  return text.split('|').map((item) => {
    const isWide = item.endsWith('+');
    const name = isWide ? item.slice(0, -1) : item;
    return { name, isWide, isName: name === 'Name' };
  });
}

/** Lines with tabs between the cells, to be aligned with those of the tables around. */
export function tableLines(table: Table, options: TableOptions, withHeader: boolean): string {
  if (table.rows.length === 0) return '';
  const { columns, rows } = decorated(table, options);
  const shown = columns.map(({ isWide }) => options.isWide || !isWide);
  const header = columns.filter((_, i) => shown[i]).map(({ name }) => name.toUpperCase());
  const lines = rows.map(({ cells }) =>
    cells
      .slice(0, columns.length)
      .filter((_, i) => shown[i])
      .map(cellText),
  );
  return [...(withHeader && !options.noHeaders ? [header] : []), ...lines]
    .map((line) => `${line.join('\t')}\n`)
    .join('');
}

function decorated({ columns, rows }: Table, { withNamespace, kind, labelColumns, showLabels }: TableOptions): Table {
  const nameColumn = columns.findIndex(({ isName }) => isName);
  const extra = (name: string): Column => ({ name, isWide: false, isName: false });
  return {
    columns: [
      ...(withNamespace ? [extra('Namespace')] : []),
      ...columns,
      ...labelColumns.map((label) => extra(label.split('/').at(-1) ?? '')),
      ...(showLabels ? [extra('Labels')] : []),
    ],
    rows: rows.map(({ object, cells }) => ({
      object,
      cells: [
        ...(withNamespace ? [object.metadata.namespace ?? ''] : []),
        ...cells.map((cell, i) => (i === nameColumn && kind ? `${kind}/${cell}` : cell)),
        ...labelColumns.map((label) => object.metadata.labels?.[label] ?? ''),
        ...(showLabels ? [formatLabels(object.metadata.labels)] : []),
      ],
    })),
  };
}

function cellText(cell: Cell): string {
  if (cell === null) return '';
  const text = typeof cell === 'string' ? cell : goText(cell);
  const end = text.search(/[\f\n\r]/);
  return escapeTerminal(end < 0 ? text : `${text.slice(0, end)}...`);
}

/** Control sequences must not reach the terminal. */
export function escapeTerminal(text: string): string {
  return text.replaceAll('\x1b', '^[').replaceAll('\r', '\\r');
}

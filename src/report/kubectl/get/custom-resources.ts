// Columns of custom resources: those their definition asks for.
// Behaviour: staging/src/k8s.io/apiextensions-apiserver/pkg/registry/customresource/tableconvertor/tableconvertor.go, Kubernetes v1.36.3.
import { goMarshal } from '../../../apimachinery/go/json.ts';
import { goText } from '../go-value.ts';
import { findResults, jsonPathText } from '../jsonpath/evaluate.ts';
import { JsonPathError } from '../jsonpath/parser.ts';
import type { Cell } from '../table.ts';
import { ageOf, since, type TablePrinter } from './printer.ts';

export interface PrinterColumn {
  readonly name: string;
  readonly type: string;
  readonly format?: string;
  readonly priority?: number;
  readonly jsonPath: string;
}

const DEFAULT_COLUMNS: readonly PrinterColumn[] = [
  { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
];

export function customResourcePrinter(columns: readonly PrinterColumn[] | undefined): TablePrinter {
  const extra = columns && columns.length > 0 ? columns : DEFAULT_COLUMNS;
  return {
    columns: [
      { name: 'Name', isWide: false, isName: true },
      ...extra.map(({ name, priority }) => ({ name, isWide: (priority ?? 0) !== 0, isName: false })),
    ],
    cells: (object, now) => [
      object.metadata.name ?? '',
      ...extra.map(
        (column): Cell =>
          column.jsonPath === '.metadata.creationTimestamp' && column.type === 'date'
            ? ageOf(object, now)
            : cellOf(column, object, now),
      ),
    ],
  };
}

function cellOf({ type, jsonPath }: PrinterColumn, object: unknown, now: number): Cell {
  const values = resultsOf(jsonPath, object);
  if (values === undefined || values.length === 0) return null;
  const first = values[0];
  if (type === 'string') return stringText(values);
  if (first === null || first === undefined) return null;
  switch (type) {
    case 'integer':
      return typeof first === 'number' ? Math.trunc(first) : null;
    case 'number':
      return typeof first === 'number' ? first : null;
    case 'boolean':
      return typeof first === 'boolean' ? first : null;
    case 'date':
      return typeof first === 'string' ? dateText(first, now) : '<invalid>';
    default:
      return null;
  }
}

function stringText(values: readonly unknown[]): Cell {
  if (values.length === 1 && (values[0] === null || values[0] === undefined)) return null;
  return values.length === 1 && typeof values[0] === 'object' ? goMarshal(values[0]) : jsonPathText([values]);
}

function dateText(text: string, now: number): string {
  const age = since(text, now);
  return age === '<unknown>' ? '<invalid>' : goText(age);
}

function resultsOf(path: string, object: unknown): readonly unknown[] | undefined {
  try {
    return findResults(`{${path}}`, object)[0];
  } catch (error) {
    if (error instanceof JsonPathError) return undefined;
    throw error;
  }
}

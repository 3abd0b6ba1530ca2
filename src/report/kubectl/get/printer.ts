// The shape of a kind's table printer and what several of them say the same way.
// Behaviour: pkg/printers/internalversion/printers.go, Kubernetes v1.36.3.
import type { KubeObject } from '../../../apimachinery/object.ts';
import { humanDuration } from '../../../apimachinery/time/duration.ts';
import { parseMicroTime, parseTime } from '../../../apimachinery/time/time.ts';
import type { Container } from '../../../schema/generated/types/core-v1.ts';
import { type Cell, type Column, columnsOf } from '../table.ts';

export interface TablePrinter {
  readonly columns: readonly Column[];
  /** Cells of all columns, the wide ones too. */
  cells(object: KubeObject, now: number): readonly Cell[];
}

export function tablePrinter<T extends KubeObject>(
  columns: string,
  cells: (object: T, now: number) => readonly Cell[],
): TablePrinter {
  // The registry hands a printer only objects of the kind it is filed under.
  return { columns: columnsOf(columns), cells: (object, now) => cells(object as T, now) };
}

export const NONE = '<none>';
export const UNSET = '<unset>';
const UNKNOWN = '<unknown>';

export function ageOf({ metadata }: KubeObject, now: number): string {
  return since(metadata.creationTimestamp, now);
}

export function since(time: string | null | undefined, now: number): string {
  const millis = time ? parseTime(time) : undefined;
  return millis === undefined ? UNKNOWN : humanDuration(now - millis);
}

export function sinceMicro(time: string | null | undefined, now: number): string {
  const micros = time ? parseMicroTime(time) : undefined;
  return micros === undefined ? UNKNOWN : humanDuration(now - micros / 1000);
}

export function containerCells(containers: readonly Container[] | undefined): readonly [string, string] {
  const all = containers ?? [];
  return [all.map(({ name }) => name).join(','), all.map(({ image }) => image ?? '').join(',')];
}

/** At most `max` items, then how many there are beyond. */
export function listWithMore(list: readonly string[], max: number): string {
  const shown = list.slice(0, max).join(',');
  if (list.length > max) return `${shown} + ${list.length - max} more...`;
  return shown === '' ? UNSET : shown;
}

export function boolText(value: boolean | undefined): string {
  if (value === undefined) return UNSET;
  return value ? 'True' : 'False';
}

// Where things stand in a text that was read.

/** Where the keys of each map and the items of each list begin in the text. */
export type Marks = ReadonlyMap<object, ReadonlyMap<string | number, number>>;

export type WrittenMarks = Map<object, Map<string | number, number>> | undefined;

export function mark(marks: WrittenMarks, inside: object, step: string | number, at: number): void {
  if (!marks) return;
  const known = marks.get(inside);
  if (known) known.set(step, at);
  else marks.set(inside, new Map([[step, at]]));
}

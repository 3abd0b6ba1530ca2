// Quoted scalars that go on over several lines, as the writer of Kubernetes' tools folds them at 80 columns.
// Behaviour: go.yaml.in/yaml v2.4 scannerc.go (yaml_parser_scan_flow_scalar), Kubernetes v1.36.3.
import { BEYOND } from '../plain/rules.ts';

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ['\\', '\\'],
  ['/', '/'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  [' ', ' '],
]);

/** What stands between single quotes. */
export function foldedSingle(raw: string): string {
  return raw.replace(/ *\n[ \n]*|''/g, (found) => (found === "''" ? "'" : lineBreaks(found)));
}

/** What stands between double quotes. */
export function foldedDouble(raw: string): string {
  return raw.replace(
    /\\(?:u([0-9a-fA-F]{4})|\n( *)(\n?)|([\s\S]))| *\n[ \n]*/g,
    (found, unicode, _blank, below, letter) => {
      if (!found.startsWith('\\')) return lineBreaks(found);
      if (unicode !== undefined) return character(Number.parseInt(unicode, 16));
      if (letter !== undefined) return ESCAPES.get(letter) ?? beyond();
      // An escaped end of line joins what it parts; with empty lines below it is not worth agreeing on.
      return below === '' ? '' : beyond();
    },
  );
}

/** One end of line is a space, each further one stands for itself. */
function lineBreaks(found: string): string {
  const count = found.split('\n').length - 1;
  return count === 1 ? ' ' : '\n'.repeat(count - 1);
}

/** Halves of a pair have rules of their own. */
function character(code: number): string {
  return code >= 0xd800 && code <= 0xdfff ? beyond() : String.fromCharCode(code);
}

function beyond(): never {
  throw BEYOND;
}

// A window onto any number of lines: only those on screen are drawn, and of them only what is on screen.
import { Box, Text } from 'ink';
import { memo, type ReactElement } from 'react';
import { type Line, type Piece, piece, spokenText } from './line.ts';
import { windowStart } from './view-state.ts';

interface Props {
  readonly lines: readonly Line[];
  readonly cursor: number;
  readonly height: number;
  readonly width: number;
  /** For a screen reader: words in place of signs, and of the window only what is new, the line under the cursor. */
  readonly isSpoken?: boolean;
}

export function VirtualList({ lines, cursor, height, width, isSpoken = false }: Props): ReactElement {
  const at = Math.max(0, Math.min(cursor, lines.length - 1));
  if (isSpoken) return <SpokenLine line={lines[at]} at={at} count={lines.length} />;
  const start = windowStart(at, lines.length, height);
  const shown = lines.slice(start, start + height);
  return (
    <Box flexDirection="column" height={height} width={width} overflow="hidden">
      {shown.map((line, index) => (
        <Row key={line.id} line={line} width={width} mark={start + index === at ? '›' : ' '} />
      ))}
    </Box>
  );
}

interface SpokenProps {
  readonly line: Line | undefined;
  readonly at: number;
  readonly count: number;
}

function SpokenLine({ line, at, count }: SpokenProps): ReactElement {
  const text = line ? spokenText(line) : '';
  return <Text aria-label={`${at + 1} of ${count}: ${text}`}>{text}</Text>;
}

interface RowProps {
  readonly line: Line;
  readonly width: number;
  /** Stands in front of a line of the list. */
  readonly mark?: '›' | ' ';
}

export const Row = memo(function Row({ line, width, mark }: RowProps): ReactElement {
  const pieces = cutPieces(mark === undefined ? line.pieces : [piece(mark), ...line.pieces], width);
  return (
    <Text wrap="truncate-end" inverse={mark === '›'}>
      {pieces.map(({ text, color, bold = false, dim = false, inverse = false }, index) => (
        // Pieces of a line never change places.
        // biome-ignore lint/suspicious/noArrayIndexKey: the place is the identity
        <Text key={index} bold={bold} dimColor={dim} {...(inverse ? { inverse } : {})} {...(color ? { color } : {})}>
          {text}
        </Text>
      ))}
    </Text>
  );
});

/** Letters for each column that may be needed: some letters take none. */
const LETTERS_A_COLUMN = 4;

/** Ink measures every letter it is given; a value of a megabyte must not make it slow. */
export function cutPieces(pieces: readonly Piece[], width: number): Piece[] {
  let left = (width + 1) * LETTERS_A_COLUMN;
  const cut: Piece[] = [];
  for (const each of pieces) {
    if (left <= 0) break;
    cut.push(each.text.length > left ? { ...each, text: each.text.slice(0, left) } : each);
    left -= each.text.length;
  }
  return cut;
}

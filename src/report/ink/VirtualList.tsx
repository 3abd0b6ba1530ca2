// A window onto any number of lines: only those on screen are drawn.
import { Box, Text } from 'ink';
import type { ReactElement } from 'react';
import type { Line } from './line.ts';
import { windowStart } from './view-state.ts';

interface Props {
  readonly lines: readonly Line[];
  readonly cursor: number;
  readonly height: number;
  readonly width: number;
}

export function VirtualList({ lines, cursor, height, width }: Props): ReactElement {
  const at = Math.max(0, Math.min(cursor, lines.length - 1));
  const start = windowStart(at, lines.length, height);
  const shown = lines.slice(start, start + height);
  return (
    <Box flexDirection="column" height={height} width={width} overflow="hidden">
      {shown.map((line, index) => (
        <Row key={line.id} line={line} isCurrent={start + index === at} />
      ))}
    </Box>
  );
}

function Row({ line, isCurrent }: { readonly line: Line; readonly isCurrent: boolean }): ReactElement {
  return (
    <Text wrap="truncate-end" inverse={isCurrent}>
      {isCurrent ? '›' : ' '}
      {line.pieces.map(({ text, color, bold = false, dim = false }, index) => (
        // Pieces of a line never change places.
        // biome-ignore lint/suspicious/noArrayIndexKey: the place is the identity
        <Text key={index} bold={bold} dimColor={dim} {...(color ? { color } : {})}>
          {text}
        </Text>
      ))}
    </Text>
  );
}

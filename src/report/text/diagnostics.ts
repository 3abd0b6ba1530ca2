// A diagnostic in one line for a person, with its next step below.
import type { styleText } from 'node:util';
import type { Diagnostic } from '../../apimachinery/diagnostic.ts';
import { placeText } from '../findings/place-text.ts';
import { addressOf } from '../tree.ts';

/** Colours a text, or leaves it as it is. */
export type Paint = (style: Parameters<typeof styleText>[0], text: string) => string;

const SEVERITY_COLOR = { error: 'red', warning: 'yellow', info: 'cyan' } as const;

export function diagnosticLines(
  { severity, message, source, object, field, nextStep }: Diagnostic,
  paint: Paint,
  indent = '',
): string[] {
  const place = source ? `${placeText(source)}: ` : '';
  const subject = object ? `${addressOf(object)}: ` : '';
  const text = field && !message.startsWith(field) ? `${field}: ${message}` : message;
  return [
    `${indent}${paint(SEVERITY_COLOR[severity], severity)}: ${place}${subject}${text}`,
    ...(nextStep ? [`${indent}    ${nextStep}`] : []),
  ];
}

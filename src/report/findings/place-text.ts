// A place in the input as a person reads it: `deploy/web.yaml:12:5`, and the template where helm names one.
import type { SourceLocation } from '../../apimachinery/diagnostic.ts';

export function placeText({ file, line, column, template }: SourceLocation): string {
  const place = [file, line, column].filter((part) => part !== undefined).join(':');
  return template === undefined ? place : `${place} (${template})`;
}

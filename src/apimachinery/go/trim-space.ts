// Text without the white space around it, as Go's strings.TrimSpace takes it away.
// Behaviour: strings.TrimSpace of Go 1.26.

const SPACE = '[\\t\\n\\v\\f\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]+';
const AROUND = new RegExp(`^${SPACE}|${SPACE}$`, 'g');

export function trimSpace(text: string): string {
  return text.replace(AROUND, '');
}

// Joins the messages of several errors into one, as an aggregate error prints them.
// Behaviour: staging/src/k8s.io/apimachinery/pkg/util/errors/errors.go, Kubernetes v1.36.3.

/** Undefined for no messages; a single message stands alone; more are listed in brackets, repeated ones once. */
export function aggregateMessage(messages: readonly string[]): string | undefined {
  const unique = [...new Set(messages)];
  if (unique.length === 0) return undefined;
  return unique.length === 1 ? unique[0] : `[${unique.join(', ')}]`;
}

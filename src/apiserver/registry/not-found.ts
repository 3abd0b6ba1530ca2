// The answer for a path that the server does not serve.
// Behaviour: [apiserver]/pkg/server/... notfoundhandler ("404 page not found") as clients word it, Kubernetes v1.36.3.
import type { Status } from '../../apimachinery/status.ts';

export function notFoundText(message: string): Status {
  return { status: 'Failure', code: 404, reason: 'NotFound', message };
}

// What a client says of a name that cannot be part of a path: it never gets to ask for the object.
// Behaviour: [client-go]/rest/request.go (Name), Kubernetes v1.36.3.
import { goQuote } from '../../../apimachinery/go/quote.ts';
import { isPathSegmentName } from '../../../apimachinery/validation/names.ts';

const EMPTY_NAME = 'resource name may not be empty';

export function lookupError(name: string): string | undefined {
  if (name === '') return EMPTY_NAME;
  const messages = isPathSegmentName(name);
  return messages.length === 0 ? undefined : `invalid resource name ${goQuote(name)}: [${messages.join(' ')}]`;
}

// What the API server uses of CEL; loaded as one (see loaded.ts), so import it as a type only.
export { compile, PER_CALL_LIMIT } from './compile.ts';

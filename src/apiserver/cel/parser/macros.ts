// has, all, exists, exists_one, map, filter, their two-variable forms, optMap, optFlatMap and sortBy as comprehensions.
// Behaviour: cel-go v0.26.0 parser/macro.go, cel/library.go, ext/{comprehensions,lists}.go.
import { ACCUMULATOR, type Expr, OLD_ACCUMULATOR } from './ast.ts';
import { type MacroBuilder, MacroError } from './builder.ts';

type Expander = (b: MacroBuilder, target: Expr | undefined, args: readonly Expr[]) => Expr;

/** Macros that only some environments have, by name, number of arguments and form; undefined for a call that is none after all. */
export type MoreMacros = Readonly<
  Record<string, (b: MacroBuilder, target: Expr | undefined, args: readonly Expr[]) => Expr | undefined>
>;

const OVERWRITES = 'iteration variable overwrites accumulator variable';
const SIMPLE_NAME = 'argument must be a simple name';
const UNUSED = '#unused';

/** The expander of a call with that name, number of arguments and form, if it is a macro. */
export function findMacro(name: string, args: number, member: boolean): Expander | undefined {
  const key = `${name}:${args}:${member}`;
  return Object.hasOwn(MACROS, key) ? MACROS[key] : undefined;
}

function variable(arg: Expr | undefined, message: string): string {
  if (arg?.kind !== 'ident') throw new MacroError(arg?.id ?? 0, message);
  return arg.name;
}

function oneVariable(arg: Expr, message: string): readonly [string] {
  const name = variable(arg, message);
  if (name === ACCUMULATOR || name === OLD_ACCUMULATOR) throw new MacroError(arg.id, OVERWRITES);
  return [name];
}

function twoVariables(first: Expr, second: Expr): readonly [string, string] {
  const one = variable(first, SIMPLE_NAME);
  const two = variable(second, SIMPLE_NAME);
  if (one === two) throw new MacroError(second.id, `duplicate variable name: ${one}`);
  if (one === ACCUMULATOR || one === OLD_ACCUMULATOR) throw new MacroError(first.id, OVERWRITES);
  if (two === ACCUMULATOR || two === OLD_ACCUMULATOR) throw new MacroError(second.id, OVERWRITES);
  return [one, two];
}

/** The variables and what follows them; the parser only calls an expander with the arguments that its key tells. */
function split(args: readonly Expr[], vars: 1 | 2, message = SIMPLE_NAME): [readonly [string, string?], Expr[]] {
  const [first, second] = args as readonly [Expr, Expr];
  return vars === 1 ? [oneVariable(first, message), args.slice(1)] : [twoVariables(first, second), args.slice(2)];
}

const all =
  (vars: 1 | 2): Expander =>
  (b, target, args) => {
    const [names, [predicate]] = split(args, vars) as [readonly [string], [Expr]];
    const init = b.literal(true);
    const condition = b.call('@not_strictly_false', b.accu());
    const step = b.call('_&&_', b.accu(), predicate);
    return b.fold({
      range: target as Expr,
      vars: names,
      accuVar: ACCUMULATOR,
      accuInit: init,
      condition,
      step,
      result: b.accu(),
    });
  };

const exists =
  (vars: 1 | 2): Expander =>
  (b, target, args) => {
    const [names, [predicate]] = split(args, vars) as [readonly [string], [Expr]];
    const init = b.literal(false);
    const condition = b.call('@not_strictly_false', b.call('!_', b.accu()));
    const step = b.call('_||_', b.accu(), predicate);
    return b.fold({
      range: target as Expr,
      vars: names,
      accuVar: ACCUMULATOR,
      accuInit: init,
      condition,
      step,
      result: b.accu(),
    });
  };

const existsOne =
  (vars: 1 | 2): Expander =>
  (b, target, args) => {
    const [names, [predicate]] = split(args, vars) as [readonly [string], [Expr]];
    const step = b.call('_?_:_', predicate, b.call('_+_', b.accu(), b.literal(1n)), b.accu());
    const result = b.call('_==_', b.accu(), b.literal(1n));
    return b.fold({
      range: target as Expr,
      vars: names,
      accuVar: ACCUMULATOR,
      accuInit: b.literal(0n),
      condition: b.literal(true),
      step,
      result,
    });
  };

/** The step, and with a filter only for what passes it. */
function filtered(b: MacroBuilder, parts: readonly Expr[], step: (value: Expr) => Expr): Expr {
  const [first, second] = parts as readonly [Expr, Expr?];
  return second === undefined ? step(first) : b.call('_?_:_', first, step(second), b.accu());
}

const toList =
  (vars: 1 | 2, message?: string): Expander =>
  (b, target, args) => {
    const [names, parts] = split(args, vars, message);
    const step = filtered(b, parts, (value) => b.call('_+_', b.accu(), b.list(value)));
    return b.fold({
      range: target as Expr,
      vars: names,
      accuVar: ACCUMULATOR,
      accuInit: b.list(),
      condition: b.literal(true),
      step,
      result: b.accu(),
    });
  };
const map = toList(1, 'argument is not an identifier');

const filter: Expander = (b, target, args) => {
  const names = oneVariable(args[0] as Expr, 'argument is not an identifier');
  const add = b.call('_+_', b.accu(), b.list(args[0] as Expr));
  const step = b.call('_?_:_', args[1] as Expr, add, b.accu());
  return b.fold({
    range: target as Expr,
    vars: names,
    accuVar: ACCUMULATOR,
    accuInit: b.list(),
    condition: b.literal(true),
    step,
    result: b.accu(),
  });
};

const toMap =
  (entry: boolean): Expander =>
  (b, target, args) => {
    const [names, parts] = split(args, 2);
    const step = filtered(b, parts, (value) =>
      entry ? b.call('cel.@mapInsert', b.accu(), value) : b.call('cel.@mapInsert', b.accu(), b.ident(names[0]), value),
    );
    return b.fold({
      range: target as Expr,
      vars: names,
      accuVar: ACCUMULATOR,
      accuInit: b.emptyMap(),
      condition: b.literal(true),
      step,
      result: b.accu(),
    });
  };

/** cel.bind(name, value, expression) of cel-go's ext/bindings.go. */
export const BINDINGS: MoreMacros = {
  'bind:3:true': (b, target, args) => {
    if (target?.kind !== 'ident' || target.name !== 'cel') return undefined;
    const [first, init, result] = args as readonly [Expr, Expr, Expr];
    const name = variable(first, 'cel.bind() variable names must be simple identifiers');
    return b.fold({
      range: b.list(),
      vars: [UNUSED],
      accuVar: name,
      accuInit: init,
      condition: b.literal(false),
      step: b.ident(name),
      result,
    });
  },
};

const has: Expander = (b, _target, args) => {
  const [arg] = args as readonly [Expr];
  if (arg.kind === 'select') return b.presenceTest(arg.operand, arg.field);
  throw new MacroError(arg.id, 'invalid argument to has() macro');
};

const optMap =
  (name: string, flat: boolean): Expander =>
  (b, target, args) => {
    const [arg, body] = args as readonly [Expr, Expr];
    const variableName = variable(arg, `${name}() variable name must be a simple identifier`);
    const fold = b.fold({
      range: b.list(),
      vars: [UNUSED],
      accuVar: variableName,
      accuInit: b.memberCall('value', b.copy(target as Expr)),
      condition: b.literal(false),
      step: b.ident(variableName),
      result: body,
    });
    const present = flat ? fold : b.call('optional.of', fold);
    return b.call('_?_:_', b.memberCall('hasValue', target as Expr), present, b.call('optional.none'));
  };

const sortBy: Expander = (b, target, args) => {
  const input = '@__sortBy_input__';
  const list = target as Expr;
  if (!['list', 'select', 'ident', 'comprehension', 'call'].includes(list.kind)) {
    throw new MacroError(
      list.id,
      'sortBy can only be applied to a list, identifier, comprehension, call or select expression',
    );
  }
  const keys = map(b, b.ident(input), args);
  const sorted = b.memberCall('@sortByAssociatedKeys', b.ident(input), keys);
  return b.fold({
    range: b.list(),
    vars: [UNUSED],
    accuVar: input,
    accuInit: list,
    condition: b.literal(false),
    step: b.ident(input),
    result: sorted,
  });
};

const MACROS: Readonly<Record<string, Expander>> = {
  'has:1:false': has,
  'all:2:true': all(1),
  'exists:2:true': exists(1),
  'exists_one:2:true': existsOne(1),
  'map:2:true': map,
  'map:3:true': map,
  'filter:2:true': filter,
  'optMap:2:true': optMap('optMap', false),
  'optFlatMap:2:true': optMap('optFlatMap', true),
  'all:3:true': all(2),
  'exists:3:true': exists(2),
  'existsOne:3:true': existsOne(2),
  'exists_one:3:true': existsOne(2),
  'transformList:3:true': toList(2),
  'transformList:4:true': toList(2),
  'transformMap:3:true': toMap(false),
  'transformMap:4:true': toMap(false),
  'transformMapEntry:3:true': toMap(true),
  'transformMapEntry:4:true': toMap(true),
  'sortBy:2:true': sortBy,
};

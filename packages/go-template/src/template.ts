import { byText } from '@docker-flow/labels';
import { callFunction } from './functions.js';
import { printValue } from './format.js';
import { parseTemplate, type Block, type Command, type Node, type Operand, type Pipe } from './parse.js';
import {
  isList,
  isMap,
  isNothing,
  isStruct,
  isTrue,
  NOTHING,
  TemplateError,
  typeName,
  type Value,
} from './value.js';

/** A template that was read and can be executed any number of times. */
export interface Template {
  /** @throws {TemplateError} when a field does not exist, an index lies outside its list, … */
  execute(data: Value): string;
}

export interface TemplateOptions {
  /** Variables of somebody else; actions that use them stay in the text. */
  readonly foreign?: ReadonlySet<string>;
  /** Longest text the template may produce, so that no file of a user can fill the memory. */
  readonly maxOutput?: number;
}

const MAX_OUTPUT = 100_000;

/**
 * Reads a text in the template language of Go (text/template): actions, variables, `range`, `if`, `with`,
 * pipelines, comments, trim marks and the built-in functions; no templates inside templates.
 *
 * @throws {TemplateError} when it does not parse
 */
export function readTemplate(source: string, options: TemplateOptions = {}): Template {
  const block = parseTemplate(source, options.foreign);
  return {
    execute(data) {
      const run = new Run(options.maxOutput ?? MAX_OUTPUT);
      const scope: Scope = { variables: new Map([['$', { value: data }]]), parent: undefined };
      run.block(block, data, scope);
      return run.output;
    },
  };
}

interface Scope {
  readonly variables: Map<string, { value: Value }>;
  readonly parent: Scope | undefined;
}

type Flow = 'next' | 'break' | 'continue';

class Run {
  output = '';
  readonly #maxOutput: number;

  constructor(maxOutput: number) {
    this.#maxOutput = maxOutput;
  }

  block(block: Block, dot: Value, outer: Scope): Flow {
    const scope: Scope = { variables: new Map(), parent: outer };
    for (const node of block) {
      const flow = this.#node(node, dot, scope);
      if (flow !== 'next') return flow;
    }
    return 'next';
  }

  #write(text: string): void {
    this.output += text;
    if (this.output.length > this.#maxOutput)
      throw new TemplateError(`the text is longer than ${this.#maxOutput} characters`);
  }

  #node(node: Node, dot: Value, scope: Scope): Flow {
    switch (node.kind) {
      case 'text':
        this.#write(node.text);
        return 'next';
      case 'print': {
        const value = evaluatePipe(node.pipe, dot, scope);
        if (node.pipe.variables.length === 0) this.#write(printValue(value));
        return 'next';
      }
      case 'break':
      case 'continue':
        return node.kind;
      case 'range':
        return this.#range(node, dot, scope);
      default: {
        const inner: Scope = { variables: new Map(), parent: scope };
        const value = evaluatePipe(node.pipe, dot, inner);
        const innerDot = node.kind === 'with' ? value : dot;
        return isTrue(value)
          ? this.block(node.body, innerDot, inner)
          : this.block(node.otherwise, dot, inner);
      }
    }
  }

  #range(node: Node & { kind: 'range' }, dot: Value, scope: Scope): Flow {
    const inner: Scope = { variables: new Map(), parent: scope };
    const items = itemsOf(evaluatePipe({ ...node.pipe, variables: [] }, dot, inner));
    if (items.length === 0) return this.block(node.otherwise, dot, inner);
    for (const [key, value] of items) {
      const [first, second] = node.pipe.variables;
      if (first !== undefined) inner.variables.set(first, { value: second === undefined ? value : key });
      if (second !== undefined) inner.variables.set(second, { value });
      if (this.block(node.body, value, inner) === 'break') break;
    }
    return 'next';
  }
}

function itemsOf(value: Value): readonly (readonly [Value, Value])[] {
  if (value === null || isNothing(value)) return [];
  if (isList(value)) return value.map((item, i) => [i, item] as const);
  if (isMap(value)) return [...value].sort(byText(([key]) => key));
  throw new TemplateError(`range can't iterate over ${typeName(value)}`);
}

function evaluatePipe(pipe: Pipe, dot: Value, scope: Scope): Value {
  let value: Value | undefined;
  for (const command of pipe.commands) value = evaluateCommand(command, value, dot, scope);
  const result = value ?? null;
  const [name] = pipe.variables;
  if (name !== undefined) {
    if (pipe.assigns) assign(name, result, scope);
    else scope.variables.set(name, { value: result });
  }
  return result;
}

function evaluateCommand(command: Command, piped: Value | undefined, dot: Value, scope: Scope): Value {
  const [first, ...args] = command;
  if (!first) return null;
  if (first.kind !== 'function') {
    if (piped !== undefined) throw new TemplateError('only a function can stand behind |');
    return evaluateOperand(first, dot, scope);
  }
  if (first.name === 'and' || first.name === 'or') return evaluateLogic(first.name, args, piped, dot, scope);
  const values = args.map((operand) => evaluateOperand(operand, dot, scope));
  return callFunction(first.name, piped === undefined ? values : [...values, piped]);
}

/** `and` stops at the first empty operand, `or` at the first that is not. */
function evaluateLogic(
  name: 'and' | 'or',
  operands: readonly Operand[],
  piped: Value | undefined,
  dot: Value,
  scope: Scope,
): Value {
  let value: Value | undefined;
  for (const operand of operands) {
    value = evaluateOperand(operand, dot, scope);
    if (isTrue(value) === (name === 'or')) return value;
  }
  value = piped ?? value;
  if (value === undefined) throw new TemplateError(`wrong number of arguments for ${name}`);
  return value;
}

function evaluateOperand(operand: Operand, dot: Value, scope: Scope): Value {
  switch (operand.kind) {
    case 'literal':
      return operand.value;
    case 'function':
      return callFunction(operand.name, []);
    case 'dot':
      return fieldsOf(dot, operand.fields);
    case 'variable':
      return fieldsOf(lookUp(operand.name, scope).value, operand.fields);
    case 'pipe':
      return fieldsOf(evaluatePipe(operand.pipe, dot, scope), operand.fields);
  }
}

function lookUp(name: string, scope: Scope): { value: Value } {
  for (let at: Scope | undefined = scope; at; at = at.parent) {
    const found = at.variables.get(name);
    if (found) return found;
  }
  throw new TemplateError(`undefined variable ${name}`);
}

function assign(name: string, value: Value, scope: Scope): void {
  lookUp(name, scope).value = value;
}

function fieldsOf(start: Value, fields: readonly string[]): Value {
  return fields.reduce<Value>((value, field) => {
    if (isStruct(value)) {
      const found = Object.hasOwn(value.fields, field) ? value.fields[field] : undefined;
      if (found === undefined) throw new TemplateError(`there is no field ${field}`);
      return found;
    }
    if (isMap(value)) return value.get(field) ?? NOTHING;
    throw new TemplateError(`can't evaluate field ${field} in type ${typeName(value)}`);
  }, start);
}

/**
 * Values inside Go templates. Go tells integers from floats, so floats are wrapped; `nothing` is a key that
 * a map does not have (printed as `<no value>`), `null` is Go's nil.
 */
export type Value =
  string | number | boolean | null | Nothing | Float | Struct | readonly Value[] | ReadonlyMap<string, Value>;

export interface Nothing {
  readonly kind: 'nothing';
}
export interface Float {
  readonly kind: 'float';
  readonly number: number;
}
/** A value with fixed fields: asking for another field is an error. */
export interface Struct {
  readonly kind: 'struct';
  readonly fields: Readonly<Record<string, Value>>;
}

export const NOTHING: Nothing = { kind: 'nothing' };

export function struct(fields: Readonly<Record<string, Value>>): Struct {
  return { kind: 'struct', fields };
}

/** Why a template could not be read or executed. */
export class TemplateError extends Error {}

export function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

export function isMap(value: Value): value is ReadonlyMap<string, Value> {
  return value instanceof Map;
}

export function isFloat(value: Value): value is Float {
  return hasKind(value, 'float');
}

export function isStruct(value: Value): value is Struct {
  return hasKind(value, 'struct');
}

export function isNothing(value: Value): value is Nothing {
  return hasKind(value, 'nothing');
}

function hasKind(value: Value, kind: string): boolean {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === kind;
}

/** False for empty text, zero, false, nil, what is not there, and empty lists and maps. */
export function isTrue(value: Value): boolean {
  if (value === null || isNothing(value)) return false;
  if (isFloat(value)) return value.number !== 0;
  if (isList(value)) return value.length > 0;
  if (isMap(value)) return value.size > 0;
  if (isStruct(value)) return true;
  return value !== '' && value !== 0 && value !== false;
}

/** What Go calls the type, as its messages show it. */
export function typeName(value: Value): string {
  if (value === null || isNothing(value)) return '<nil>';
  if (isFloat(value)) return 'float64';
  if (isList(value)) return '[]string';
  if (isMap(value)) return 'map[string]string';
  if (isStruct(value)) return 'struct';
  return typeof value === 'number' ? 'int' : typeof value === 'boolean' ? 'bool' : 'string';
}

/** Plain data as template values: objects become structures, maps maps, lists lists, `undefined` nil. */
export function toTemplateValue(data: unknown): Value {
  if (data === null || data === undefined) return null;
  if (Array.isArray(data)) return data.map(toTemplateValue);
  if (data instanceof Map) {
    return new Map([...data].map(([key, value]) => [String(key), toTemplateValue(value)]));
  }
  if (typeof data === 'string' || typeof data === 'boolean') return data;
  if (typeof data === 'number') return Number.isInteger(data) ? data : { kind: 'float', number: data };
  if (typeof data !== 'object') throw new TemplateError(`a ${typeof data} is no template value`);
  return struct(
    Object.fromEntries(Object.entries(data).map(([name, value]) => [name, toTemplateValue(value)])),
  );
}

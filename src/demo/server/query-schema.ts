import type { Params } from './params.ts';

export type Param =
  | {
      readonly type: 'string';
      readonly nullable?: true;
      readonly minLength?: 1;
      readonly values?: readonly string[];
    }
  | { readonly type: 'number'; readonly nullable?: true };

interface ObjectSchema {
  readonly required: readonly string[];
  readonly properties: Readonly<Record<string, Param>>;
}

/**
 * The shapes that the server's query schemas have: one closed object; `oneOf` closed objects; one closed object of
 * which exactly one of some properties is required.
 */
export type QuerySchema =
  | ({ readonly kind: 'object' } & ObjectSchema)
  | { readonly kind: 'one-of'; readonly branches: readonly ObjectSchema[] }
  | {
      readonly kind: 'one-required';
      readonly oneOf: readonly string[];
      readonly properties: ObjectSchema['properties'];
    };

const notExactlyOne = 'must match exactly one schema in oneOf';

/**
 * The messages that AJV gives for these parameters under this schema (first error of each object only, as without
 * `allErrors`; numbers coerced from text), none when they pass. The server joins them into `error`.
 */
export function validateQuery(schema: QuerySchema, params: Params): readonly string[] {
  switch (schema.kind) {
    case 'object': {
      const error = validateObject(schema, params);
      return error === null ? [] : [error];
    }
    case 'one-of': {
      const errors = schema.branches.map((branch) => validateObject(branch, params));
      return errors.filter((error) => error === null).length === 1
        ? []
        : [...errors.filter((error) => error !== null), notExactlyOne];
    }
    case 'one-required': {
      const missing = schema.oneOf.filter((name) => !(name in params));
      if (missing.length !== schema.oneOf.length - 1) return [...missing.map(requiredMessage), notExactlyOne];
      const error = validateObject({ required: [], properties: schema.properties }, params);
      return error === null ? [] : [error];
    }
  }
}

function requiredMessage(name: string): string {
  return `must have required property '${name}'`;
}

function validateObject({ required, properties }: ObjectSchema, params: Params): string | null {
  const missing = required.find((name) => !(name in params));
  if (missing !== undefined) return requiredMessage(missing);
  if (Object.keys(params).some((name) => !(name in properties))) return 'must NOT have additional properties';
  for (const [name, param] of Object.entries(properties)) {
    const value = params[name];
    if (value === undefined) continue;
    const error = validateParam(param, value);
    if (error !== null) return error;
  }
  return null;
}

function validateParam(param: Param, value: string | readonly string[]): string | null {
  if (typeof value !== 'string') return `must be ${param.type}`;
  if (param.type === 'number') {
    if (value === '') return param.nullable ? null : 'must be number';
    return Number.isNaN(Number(value)) ? 'must be number' : null;
  }
  if (param.minLength !== undefined && value.length < param.minLength) return 'must NOT have fewer than 1 characters';
  if (param.values && !param.values.includes(value)) return 'must be equal to one of the allowed values';
  return null;
}

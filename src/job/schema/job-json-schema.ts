import { z } from 'zod';
import { jobSchema } from './job-schema.ts';

/** The part of JSON Schema that a job needs. */
export type JsonSchemaNode = z.core.JSONSchema.BaseSchema;

/** Keys the schema asks for that a file may leave out: they are filled in before it is checked. */
const filledIn: readonly string[] = ['name', 'server', 'output'];

/** Added to every pattern: an editor sees ${VAR}, not what it stands for. */
const variableAllowed = '|\\$\\{';

/**
 * The JSON Schema of a job file (draft 7, which every editor knows), for completion and checks while typing. It allows
 * what `loadJob` allows, and a little more: rules over several values (one login, no two sinks of a kind) are not in it.
 */
export function jobJsonSchema(): JsonSchemaNode {
  const schema = z.toJSONSchema(jobSchema, {
    target: 'draft-7',
    io: 'input',
    override: ({ jsonSchema }) => {
      // Called more than once for a schema that is optional.
      if (jsonSchema.pattern?.endsWith(variableAllowed) === false)
        jsonSchema.pattern = `(?:${jsonSchema.pattern})${variableAllowed}`;
    },
  });
  return { ...schema, required: (schema.required ?? []).filter((key) => !filledIn.includes(key)) };
}

/** The content of jobs/job.schema.json. */
export function jobJsonSchemaText(): string {
  return `${JSON.stringify(jobJsonSchema(), null, 2)}\n`;
}

/**
 * The schema of the value at `path` of `value`, which tells the options of a union apart by the values of a key
 * (`format`, `endpoint`). Undefined when no key of a job lies there.
 */
export function schemaAt(
  schema: JsonSchemaNode,
  value: unknown,
  path: readonly PropertyKey[],
): JsonSchemaNode | undefined {
  const [step, ...rest] = path;
  const kinds = schema.anyOf ?? [];
  const areMaps = kinds.length > 0 && kinds.every(({ oneOf, properties }) => (oneOf ?? properties) !== undefined);
  if (areMaps && typeof step !== 'number') {
    // Told apart by a key that only one of them has: `use`.
    const hasOwnKey = ({ oneOf = [], required = [] }: JsonSchemaNode): boolean =>
      required.some((key) => member(value, key) !== undefined) || oneOf.some(hasOwnKey);
    const option = kinds.find(hasOwnKey) ?? kinds[0];
    return option && schemaAt(option, value, path);
  }
  const options = schema.oneOf;
  if (options !== undefined && (step === undefined || typeof step === 'string')) {
    const chosen = options.find((option) =>
      choosers(option, options).every(({ key, choices, isRequired }) => {
        const choice = member(value, key);
        return choice === undefined ? !isRequired : choices.some((one) => one === choice);
      }),
    );
    if (chosen !== undefined) return schemaAt(chosen, value, path);
    if (step === undefined) return schema;
    // No option is chosen: what is expected of the key that chooses is any of its values.
    const choices = options.flatMap((option) =>
      choosers(option, options)
        .filter(({ key }) => key === step)
        .flatMap((chooser) => chooser.choices),
    );
    return rest.length === 0 && choices.length > 0 ? { type: 'string', enum: choices } : undefined;
  }
  if (step === undefined) return schema;
  const next = typeof step === 'number' ? schema.items : schema.properties?.[String(step)];
  return typeof next === 'object' && !Array.isArray(next) ? schemaAt(next, member(value, step), rest) : undefined;
}

/** A key of an option that chooses it among others, by its values or, where it is not required, by being absent. */
interface Chooser {
  readonly key: string;
  readonly choices: readonly string[];
  readonly isRequired: boolean;
}

/** The keys of an option that have a constant in it or in another option. */
export function choosers({ properties, required = [] }: JsonSchemaNode, options: readonly JsonSchemaNode[]): Chooser[] {
  const keys = new Set(
    options.flatMap((option) =>
      Object.entries(option.properties ?? {}).flatMap(([key, property]) =>
        typeof property === 'object' && typeof property.const === 'string' ? [key] : [],
      ),
    ),
  );
  return Object.entries(properties ?? {}).flatMap(([key, property]) => {
    if (!keys.has(key) || typeof property !== 'object') return [];
    const choices = (property.enum ?? [property.const]).filter((choice) => typeof choice === 'string');
    return [{ key, choices, isRequired: required.includes(key) }];
  });
}

/** Own property only: a key called `constructor` is nobody's. */
export function member(value: unknown, key: PropertyKey): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  const own: PropertyDescriptor | undefined = Object.getOwnPropertyDescriptor(value, key);
  return own?.value;
}

/** `a whole number from 1 to 16`: what a value of this schema looks like, to follow "expected". */
export function expectation(schema: JsonSchemaNode): string {
  const choices = schema.enum ?? (schema.const === undefined ? undefined : [schema.const]);
  if (choices !== undefined) {
    const words = choices.map((choice) => JSON.stringify(choice));
    return words.length === 1 ? words.join() : `one of ${words.join(', ')}`;
  }
  if (schema.anyOf !== undefined) return schema.anyOf.map(expectation).join(' or ');
  if (schema.type === 'integer') return `a whole number from ${schema.minimum ?? 0} to ${schema.maximum ?? 'any'}`;
  if (schema.type === 'boolean') return 'true or false';
  if (schema.type === 'array') return schema.minItems === undefined ? 'a list' : 'a list of at least one';
  if (schema.type !== 'string') return 'keys with values';
  const [example] = Array.isArray(schema.examples) ? schema.examples : [];
  if (typeof example === 'string') return `text such as ${JSON.stringify(example)}`;
  return schema.minLength === undefined ? 'text' : 'non-empty text';
}

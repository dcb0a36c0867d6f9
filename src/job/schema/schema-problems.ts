import type { z } from 'zod';
import { choosers, expectation, jobJsonSchema, member, schemaAt } from './job-json-schema.ts';
import type { JsonSchemaNode } from './job-json-schema.ts';
import { nearest } from '../../model/text/nearest.ts';
import { isSecretPath, type KeyPath, type JobProblem } from '../problem.ts';

/** The text of a value as it is written, where a variable brought a part of it: `${TOKEN}`. */
export type WrittenAt = (path: KeyPath) => string | undefined;

/**
 * Says in our words what zod found wrong with `raw`. Values of `server` are never shown, and of a value that a variable
 * brought only the variable.
 */
export function schemaProblems(issues: readonly z.core.$ZodIssue[], raw: unknown, writtenAt: WrittenAt): JobProblem[] {
  const root = jobJsonSchema();
  return issues.flatMap((issue) => problemsOf(issue, []));

  function problemsOf(issue: z.core.$ZodIssue, prefix: KeyPath): JobProblem[] {
    const path = [...prefix, ...issue.path.map((step) => (typeof step === 'number' ? step : String(step)))];
    const value = path.reduce<unknown>(member, raw);
    if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey([...path, key]));
    if (issue.code === 'invalid_union' && issue.errors.length > 0 && value !== undefined) {
      // A value of the right type with a wrong content failed one option only in its content: that one was meant.
      const fitting = issue.errors.filter(
        (errors) => !errors.some((e) => e.code === 'invalid_type' && e.path.length === 0),
      );
      // Of two kinds of maps that one was meant whose own key (`format`, `use`) is there.
      const lacksKey = (e: z.core.$ZodIssue): boolean =>
        e.path.length === 1 && member(value, e.path[0] ?? '') === undefined;
      const meant = fitting.find((errors) => !errors.some(lacksKey)) ?? fitting[0];
      if (meant !== undefined) return meant.flatMap((nested) => problemsOf(nested, path));
    }
    const schema = schemaAt(root, raw, path);
    const hasOwnMessage = issue.code === 'custom' || issue.code === 'invalid_format';
    const expected = hasOwnMessage
      ? issue.message
      : schema === undefined
        ? 'expected nothing'
        : `expected ${expectation(schema)}`;
    const hint = hasOwnMessage || schema === undefined ? undefined : typeHint(value, schema, path);
    return [
      {
        path,
        text: `${shown(value, path)}${expected}${compared(issue, path)}`,
        ...(hint === undefined ? {} : { hint }),
      },
      // zod stops at a key that chooses no option (`endpoint`), and it may be missing because it is misspelt.
      ...(issue.code === 'invalid_union' && issue.errors.length === 0 ? strangers(path.slice(0, -1)) : []),
    ];
  }

  /** The keys of a map that no option of its union has. */
  function strangers(path: KeyPath): JobProblem[] {
    const known = keysOf(schemaAt(root, raw, path));
    const entry = path.reduce<unknown>(member, raw);
    if (typeof entry !== 'object' || entry === null || known.length === 0) return [];
    return Object.keys(entry)
      .filter((key) => !known.includes(key))
      .map((key) => unknownKey([...path, key]));
  }

  /** ` "2025-01-01"`: the value of the key beside it that the issue names as `than`. */
  function compared(issue: z.core.$ZodIssue, path: KeyPath): string {
    const than: unknown = issue.code === 'custom' ? issue.params?.['than'] : undefined;
    if (typeof than !== 'string') return '';
    const beside = [...path.slice(0, -1), than];
    return ` ${JSON.stringify(writtenAt(beside) ?? beside.reduce<unknown>(member, raw))}`;
  }

  /** `is 99, `: what is there, where it may be shown. */
  function shown(value: unknown, path: KeyPath): string {
    if (value === undefined) return 'missing, ';
    if (isSecretPath(path)) return '';
    const written = writtenAt(path);
    if (written !== undefined) return `is the text of ${JSON.stringify(written)}, `;
    if (value === null) return 'is empty, ';
    if (typeof value === 'string') return `is ${short(JSON.stringify(value))}, `;
    if (typeof value === 'number' || typeof value === 'boolean') return `is ${value}, `;
    return '';
  }

  function typeHint(value: unknown, schema: JsonSchemaNode, path: KeyPath): string | undefined {
    if (writtenAt(path) !== undefined && schema.type !== 'string')
      return 'Variables give text: write the value itself here';
    if (typeof value === 'string' && path[0] === 'sinks' && path.length <= 2)
      return 'Write a line for each format below "sinks:", such as "  - format: csv"';
    if (typeof value === 'string' && schema.type === 'array')
      return 'Put brackets around it, or write one line "- …" for each';
    const isFree = schema.type === 'string' && schema.enum === undefined && schema.const === undefined;
    if (isFree && (typeof value === 'number' || typeof value === 'boolean')) {
      const isFit = schema.pattern === undefined || new RegExp(schema.pattern).test(String(value));
      return isFit ? 'Put quotes around it to make it text' : undefined;
    }
    const choices = schema.enum?.filter((choice) => typeof choice === 'string') ?? [];
    const meant = typeof value === 'string' ? nearest(value, choices) : undefined;
    return meant === undefined || isSecretPath(path) ? undefined : `Did you mean "${meant}"?`;
  }

  function unknownKey(path: KeyPath): JobProblem {
    const parentPath = path.slice(0, -1);
    const key = String(path.at(-1));
    const known = keysOf(schemaAt(root, raw, parentPath));
    const meant = nearest(key, known);
    const owners = meant === undefined ? placesOf(key, root) : [];
    const hint =
      meant !== undefined
        ? `Did you mean "${meant}"?`
        : owners.length > 0
          ? `It is a key of ${owners.join(' and of ')}`
          : `Known here: ${known.join(', ')}`;
    return { path, at: 'key', text: owners.length > 0 ? 'does not belong here' : 'unknown key', hint };
  }
}

/** The keys of a map, each once; while nothing chooses between several kinds of map, those of all. */
function keysOf(schema: JsonSchemaNode | undefined): string[] {
  const kinds = schema?.oneOf ?? (schema === undefined ? [] : [schema]);
  return [...new Set(kinds.flatMap((kind) => Object.keys(kind.properties ?? {})))];
}

/** Where in a job a key of this name has its place: `extract[] with endpoint: groups.messages`. */
function placesOf(key: string, root: JsonSchemaNode): string[] {
  const places: string[] = [];
  visit(root, 'the top level');
  return places;

  function visit(schema: JsonSchemaNode, place: string): void {
    const properties = Object.entries(schema.properties ?? {});
    if (properties.some(([name]) => name === key)) places.push(place);
    for (const [name, property] of properties) if (typeof property === 'object') visit(property, name);
    const { oneOf = [] } = schema;
    for (const option of oneOf) {
      const chosen = choosers(option, oneOf).map(
        ({ key, choices, isRequired }) => `${key}: ${[...choices, ...(isRequired ? [] : ['none'])].join(' or ')}`,
      );
      visit(option, `${place} with ${chosen.join(', ')}`);
    }
    for (const option of schema.anyOf ?? []) visit(option, place);
    if (typeof schema.items === 'object' && !Array.isArray(schema.items)) visit(schema.items, `${place}[]`);
  }
}

function short(text: string): string {
  return text.length <= 60 ? text : `${text.slice(0, 59)}…`;
}

import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import ts from 'typescript';

const index = join(import.meta.dirname, '../../src/index.ts');

const known = new Map<string, ts.SourceFile>();

/** A file declares many names, and is asked for each. */
function parsed(path: string): ts.SourceFile {
  const file = known.get(path) ?? ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true);
  known.set(path, file);
  return file;
}

/** Every name that a file of the library exports, and the file that declares it. */
function exportsOf(path: string): readonly { readonly name: string; readonly file: string }[] {
  return parsed(path).statements.flatMap((statement) => {
    if (!ts.isExportDeclaration(statement) || statement.moduleSpecifier === undefined) return [];
    const file = join(dirname(path), statement.moduleSpecifier.getText().slice(1, -1));
    const { exportClause } = statement;
    if (exportClause === undefined) return exportsOf(file);
    if (!ts.isNamedExports(exportClause)) return [];
    return exportClause.elements.map(({ name, propertyName }) => ({ name: (propertyName ?? name).text, file }));
  });
}

const exported = exportsOf(index);

function declares(statement: ts.Statement, name: string): boolean {
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.some((declaration) => declaration.name.getText() === name);
  }
  return (
    (ts.isFunctionDeclaration(statement) ||
      ts.isClassDeclaration(statement) ||
      ts.isInterfaceDeclaration(statement) ||
      ts.isTypeAliasDeclaration(statement)) &&
    statement.name?.text === name
  );
}

describe('the library’s names', () => {
  it('are there', () => expect(exported.length).toBeGreaterThan(70));

  it.each(exported)('have a docstring: $name', ({ name, file }) => {
    const statement = parsed(file).statements.find((found) => declares(found, name));
    expect(statement && ts.getJSDocCommentsAndTags(statement)).not.toEqual([]);
    expect(statement).toBeDefined();
  });

  it.each(exported)('say what they throw, where they are functions that may: $name', ({ name, file }) => {
    const statement = parsed(file).statements.find((found) => declares(found, name));
    if (statement === undefined || !ts.isFunctionDeclaration(statement)) return;
    const isPure = ['tableJsonSchema', 'messageTables'].includes(name);
    const tags = ts.getJSDocTags(statement).map(({ tagName }) => tagName.text);
    expect({ name, throws: tags.includes('throws') }).toEqual({ name, throws: !isPure });
  });
});

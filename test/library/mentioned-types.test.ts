import { readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import ts from 'typescript';

const src = join(import.meta.dirname, '../../src');

interface Declared {
  readonly name: string;
  /** Absolute. */
  readonly file: string;
}

const parsedFiles = new Map<string, ts.SourceFile>();
function parsed(file: string): ts.SourceFile {
  const known = parsedFiles.get(file);
  if (known !== undefined) return known;
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  parsedFiles.set(file, source);
  return source;
}

/** What an `import` or `export … from` of ours names; undefined: a package. */
function fileNamed(specifier: ts.Expression | undefined, from: string): string | undefined {
  const text = specifier !== undefined && ts.isStringLiteral(specifier) ? specifier.text : '';
  return text.startsWith('.') ? join(dirname(from), text) : undefined;
}

/** Every name that an entry of the package exports, and the file that declares it. */
function exportsOf(entry: string): readonly Declared[] {
  return parsed(entry).statements.flatMap((statement): readonly Declared[] => {
    if (!ts.isExportDeclaration(statement)) return [];
    const file = fileNamed(statement.moduleSpecifier, entry);
    if (file !== undefined && statement.exportClause === undefined) return exportsOf(file);
    if (file === undefined || statement.exportClause === undefined || !ts.isNamedExports(statement.exportClause))
      return [];
    return statement.exportClause.elements.map(({ name, propertyName }) => ({
      name: (propertyName ?? name).text,
      file,
    }));
  });
}

function declarationOf({ name, file }: Declared): ts.Statement | ts.VariableDeclaration | undefined {
  for (const statement of parsed(file).statements) {
    if (ts.isVariableStatement(statement)) {
      const found = statement.declarationList.declarations.find((declared) => declared.name.getText() === name);
      if (found !== undefined) return found;
    } else if (
      (ts.isFunctionDeclaration(statement) ||
        ts.isClassDeclaration(statement) ||
        ts.isInterfaceDeclaration(statement) ||
        ts.isTypeAliasDeclaration(statement)) &&
      statement.name?.text === name
    ) {
      return statement;
    }
  }
  return undefined;
}

/** Names of types within a declaration that a reader of its signature meets: nothing of bodies, initial values, private members. */
function namesIn(declaration: ts.Node): readonly string[] {
  const names: string[] = [];
  const own = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isBlock(node) || isInternal(node)) return;
    if (ts.isClassElement(node) && (isPrivate(node) || ts.isClassStaticBlockDeclaration(node))) return;
    if (ts.isTypeParameterDeclaration(node)) own.add(node.name.text);
    if (ts.isTypeReferenceNode(node)) names.push(leftmost(node.typeName));
    else if (ts.isExpressionWithTypeArguments(node) && ts.isIdentifier(node.expression))
      names.push(node.expression.text);
    const value = 'initializer' in node ? node.initializer : undefined;
    ts.forEachChild(node, (child) => {
      if (child !== value) visit(child);
    });
  };
  visit(declaration);
  return [...new Set(names)].filter((name) => !own.has(name));
}

/** `stripInternal` of .config/tsconfig.build.json leaves it out of what is shipped. */
function isInternal(node: ts.Node): boolean {
  return ts.getJSDocTags(node).some(({ tagName }) => tagName.text === 'internal');
}

function isPrivate(member: ts.ClassElement): boolean {
  const modifiers = ts.canHaveModifiers(member) ? (ts.getModifiers(member) ?? []) : [];
  return (
    (member.name !== undefined && ts.isPrivateIdentifier(member.name)) ||
    modifiers.some(({ kind }) => kind === ts.SyntaxKind.PrivateKeyword)
  );
}

function leftmost(name: ts.EntityName): string {
  return ts.isIdentifier(name) ? name.text : leftmost(name.left);
}

/** Where a name of a file is declared; a text that names its package, undefined for what JavaScript and TypeScript have. */
function resolved(name: string, file: string): Declared | string | undefined {
  if (declarationOf({ name, file }) !== undefined) return { name, file };
  for (const statement of parsed(file).statements) {
    if (!ts.isImportDeclaration(statement)) continue;
    const { importClause, moduleSpecifier } = statement;
    const { namedBindings } = importClause ?? {};
    const imported = namedBindings !== undefined && ts.isNamedImports(namedBindings) ? namedBindings.elements : [];
    const element = imported.find((one) => one.name.text === name);
    const isWhole =
      importClause?.name?.text === name ||
      (namedBindings !== undefined && ts.isNamespaceImport(namedBindings) && namedBindings.name.text === name);
    if (element === undefined && !isWhole) continue;
    const from = fileNamed(moduleSpecifier, file);
    if (from === undefined) return moduleSpecifier.getText().slice(1, -1);
    return { name: (element?.propertyName ?? element?.name)?.text ?? name, file: from };
  }
  return undefined;
}

const idOf = ({ name, file }: Declared): string => `${relative(src, file)}: ${name}`;

/** What a user of an entry meets by following its types, and does not get from it. */
function unexported(entry: string): readonly string[] {
  const exported = exportsOf(entry);
  const known = new Set(exported.map(idOf));
  const missing = new Map<string, string>();
  const waiting = [...exported];
  const seen = new Set(known);
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const declaration = declarationOf(next);
    for (const name of declaration === undefined ? [] : namesIn(declaration)) {
      const found = resolved(name, next.file);
      if (found === undefined) continue;
      const id = typeof found === 'string' ? `${found}: ${name}` : idOf(found);
      if (!known.has(id) && !missing.has(id)) missing.set(id, `${id}, of ${idOf(next)}`);
      if (typeof found === 'string' || seen.has(id)) continue;
      seen.add(id);
      waiting.push(found);
    }
  }
  return [...missing.values()].sort();
}

describe('the types of the library', () => {
  it('are all exported: whatever a public signature mentions has a name for its user', () =>
    expect(unexported(join(src, 'index.ts'))).toEqual([]));

  it('are all exported for authors of formats, too', () =>
    expect(unexported(join(src, 'testing/index.ts'))).toEqual([]));
});

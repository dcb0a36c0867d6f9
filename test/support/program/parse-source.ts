import { isBuiltin } from 'node:module';
import { dirname, posix } from 'node:path';
import ts from 'typescript';
import type { Import, SourceFacts } from './source-facts.ts';

/** Comments on declarations are not parsed: nothing here asks for them. */
const parsing: ts.CreateSourceFileOptions = {
  languageVersion: ts.ScriptTarget.Latest,
  jsDocParsingMode: ts.JSDocParsingMode.ParseNone,
};

/** @param path of the source, below the folder that the paths of its imports are told from */
export function parseSource(path: string, text: string): SourceFacts {
  const file = ts.createSourceFile(path, text, parsing, true);
  const imports: Import[] = [];
  const globals: string[] = [];
  const anys: number[] = [];
  const declared = new Set<string>();
  const visit = (node: ts.Node): void => {
    if ((ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) && node.moduleSpecifier !== undefined) {
      imports.push({ to: resolveImport(path, node.moduleSpecifier), typesOnly: importsTypesOnly(node) });
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const [specifier] = node.arguments;
      imports.push({ to: specifier === undefined ? '?' : resolveImport(path, specifier), typesOnly: false });
    } else if (ts.isImportTypeNode(node)) {
      imports.push({ to: resolveImport(path, node.argument), typesOnly: true });
    } else if (node.kind === ts.SyntaxKind.AnyKeyword) {
      anys.push(file.getLineAndCharacterOfPosition(node.getStart()).line + 1);
    } else if (isTimeOfDay(node)) {
      globals.push('new Date()');
    } else if (ts.isPropertyAccessExpression(node) && isNamed(node.expression, 'globalThis')) {
      globals.push(node.name.text);
    } else if (ts.isPropertyAccessExpression(node) && ts.isIdentifier(node.expression)) {
      globals.push(`${node.expression.text}.${node.name.text}`);
    } else if (ts.isIdentifier(node) && isGlobalUse(node)) {
      globals.push(node.text);
    }
    const name = declaredName(node);
    if (name !== undefined) declared.add(name);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return {
    imports,
    exports: file.statements.flatMap(exportedNames),
    globals: globals.filter((name) => !declared.has(name.split('.')[0] ?? name)),
    anys,
  };
}

function exportedNames(statement: ts.Statement): readonly string[] {
  const isExported =
    ts.canHaveModifiers(statement) &&
    (ts.getModifiers(statement) ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
  if (!isExported) return [];
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.map(({ name }) => name.getText());
  }
  const isNamed =
    ts.isFunctionDeclaration(statement) ||
    ts.isClassDeclaration(statement) ||
    ts.isInterfaceDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement);
  return isNamed && statement.name !== undefined ? [statement.name.text] : [];
}

/** `src/`-relative for our own files, the package's name for others, `node:` before a module of Node's own. */
function resolveImport(from: string, specifier: ts.Node): string {
  const text = specifier.getText().replace(/^['"`]|['"`]$/g, '');
  if (text.startsWith('.')) return posix.join(dirname(from), text);
  return isBuiltin(text) && !text.startsWith('node:') ? `node:${text}` : text;
}

/** `new Date()`, `new Date` and `Date()` alike. */
function isTimeOfDay(node: ts.Node): boolean {
  if (ts.isCallExpression(node)) return isNamed(node.expression, 'Date');
  return ts.isNewExpression(node) && isNamed(node.expression, 'Date') && (node.arguments?.length ?? 0) === 0;
}

function importsTypesOnly(node: ts.ImportDeclaration | ts.ExportDeclaration): boolean {
  if (ts.isExportDeclaration(node)) return node.isTypeOnly;
  const clause = node.importClause;
  if (clause === undefined) return false;
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  const named = clause.namedBindings;
  return (
    clause.name === undefined &&
    named !== undefined &&
    ts.isNamedImports(named) &&
    named.elements.length > 0 &&
    named.elements.every(({ isTypeOnly }) => isTypeOnly)
  );
}

/** Whether a name is used as a value, and not as the name of a property, a type or a declaration. */
function isGlobalUse(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  if (ts.isPropertyAssignment(parent)) return parent.initializer === node;
  if (ts.isTypeNode(parent) || ts.isTypeElement(parent) || ts.isQualifiedName(parent)) return false;
  return !(
    ts.isMethodDeclaration(parent) ||
    ts.isPropertyDeclaration(parent) ||
    ts.isImportSpecifier(parent) ||
    ts.isExportSpecifier(parent)
  );
}

function isNamed(node: ts.Node, name: string): boolean {
  return ts.isIdentifier(node) && node.text === name;
}

/** Of a parameter, a variable or an import: a `fetch` that is handed in is not the global one. */
function declaredName(node: ts.Node): string | undefined {
  const declares =
    ts.isVariableDeclaration(node) ||
    ts.isParameter(node) ||
    ts.isBindingElement(node) ||
    ts.isFunctionDeclaration(node) ||
    ts.isImportSpecifier(node);
  return declares && node.name !== undefined && ts.isIdentifier(node.name) ? node.name.text : undefined;
}

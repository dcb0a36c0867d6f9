import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** An error as the sources have it: `…` stands for what is known at run time only. */
export interface ErrorText {
  readonly className: string;
  readonly message: string;
  readonly hint: string | undefined;
}

const errorClass = /^(Access|Difference|Job|Output|Room|Stopped|Unreachable|Usage)Error$/;
const unknown = '…';
/** Comments on declarations are not parsed: nothing here asks for them. */
const parsing: ts.CreateSourceFileOptions = {
  languageVersion: ts.ScriptTarget.Latest,
  jsDocParsingMode: ts.JSDocParsingMode.ParseNone,
};

/** Every error that is constructed below a folder, with its words and its hint. */
export function errorTexts(folder: string): readonly ErrorText[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.startsWith('demo'))
    .flatMap((path) => textsOf(join(folder, path)));
}

function textsOf(path: string): ErrorText[] {
  const text = readFileSync(path, 'utf8');
  // Most files construct none, and to parse them takes most of the time.
  if (!/\bnew\s+[A-Z]\w*Error\b/.test(text)) return [];
  const file = ts.createSourceFile(path, text, parsing, true);
  const found: ErrorText[] = [];
  visit(file);
  return found;

  function visit(node: ts.Node): void {
    if (ts.isNewExpression(node) && errorClass.test(node.expression.getText())) {
      const className = node.expression.getText();
      // A room's error begins with the word for the manifest.
      const [message, details] = (node.arguments ?? []).slice(className === 'RoomError' ? 1 : 0);
      const hint = hintOf(details, file);
      for (const text of message === undefined ? [] : spell(message, file)) {
        // Words that come from elsewhere whole are found where they are made.
        if (/[a-z]/i.test(text)) found.push({ className, message: text, hint });
      }
    }
    ts.forEachChild(node, visit);
  }
}

function hintOf(details: ts.Expression | undefined, file: ts.SourceFile): string | undefined {
  const value = details === undefined ? undefined : valueOf(details, 'hint');
  if (value === undefined) return undefined;
  const texts = spell(value, file).filter((text) => /[a-z]/i.test(text));
  return texts.length === 0 ? undefined : [...new Set(texts)].join('. Or: ');
}

/** The value of a key of an object literal. */
function valueOf(object: ts.Expression, key: string): ts.Expression | undefined {
  if (!ts.isObjectLiteralExpression(object)) return undefined;
  for (const property of object.properties) {
    if (property.name?.getText() !== key) continue;
    if (ts.isPropertyAssignment(property)) return property.initializer;
    if (ts.isShorthandPropertyAssignment(property)) return property.name;
  }
  return undefined;
}

/**
 * The table of hints that a file declares at its top: by code, `{ ENOSPC: 'Free some space…' }`, or by code with words
 * of their own, `{ ENOTFOUND: { words: 'no such host', hint: '…' } }`.
 */
export function hintTable(path: string): readonly (readonly [words: string, hint: string])[] {
  const file = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true);
  return file.statements
    .filter(ts.isVariableStatement)
    .flatMap(({ declarationList }) =>
      declarationList.declarations.flatMap(({ initializer }) =>
        initializer !== undefined && ts.isObjectLiteralExpression(initializer)
          ? initializer.properties.flatMap((property) => hintEntry(property, file))
          : [],
      ),
    );
}

function hintEntry(property: ts.ObjectLiteralElementLike, file: ts.SourceFile): (readonly [string, string])[] {
  if (!ts.isPropertyAssignment(property)) return [];
  const words = valueOf(property.initializer, 'words');
  const [name] = words === undefined ? [property.name.getText().replaceAll("'", '')] : spell(words, file);
  const hint = words === undefined ? property.initializer : valueOf(property.initializer, 'hint');
  const [text] = hint === undefined ? [] : spell(hint, file);
  // Numbers and words for the manifest have no spaces.
  return name === undefined || !text?.includes(' ') ? [] : [[name, text]];
}

/** What an expression of texts can be, each choice spelled out. */
function spell(node: ts.Expression, file: ts.SourceFile): readonly string[] {
  if (ts.isStringLiteralLike(node)) return [node.text];
  if (ts.isParenthesizedExpression(node)) return spell(node.expression, file);
  if (ts.isConditionalExpression(node)) return [...spell(node.whenTrue, file), ...spell(node.whenFalse, file)];
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken)
    return joined(spell(node.left, file), spell(node.right, file));
  if (ts.isTemplateExpression(node))
    return node.templateSpans.reduce(
      (texts, { expression, literal }) =>
        joined(texts, spell(expression, file)).map((text) => `${text}${literal.text}`),
      [node.head.text] as readonly string[],
    );
  if (ts.isIdentifier(node)) return constant(node.text, file) ?? [unknown];
  return [unknown];
}

function joined(starts: readonly string[], ends: readonly string[]): readonly string[] {
  return starts.flatMap((start) => ends.map((end) => start + end));
}

/** The value of a text that the same file declares at its top. */
function constant(name: string, file: ts.SourceFile): readonly string[] | undefined {
  for (const statement of file.statements) {
    if (!ts.isVariableStatement(statement)) continue;
    for (const { name: declared, initializer } of statement.declarationList.declarations) {
      if (declared.getText() === name && initializer !== undefined && ts.isStringLiteralLike(initializer))
        return [initializer.text];
    }
  }
  return undefined;
}

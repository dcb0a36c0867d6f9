// TypeScript without its types, each character where it was: the lines of an error are those of the source. By Node's
// module hooks, and as a transform of Jest for those who need its own loading (npm run test:mutation).
import stripTypes from 'ts-blank-space';

export function stripTypesOf(source, path) {
  return stripTypes(source, (node) => {
    const { line } = node.getSourceFile().getLineAndCharacterOfPosition(node.getStart());
    throw new SyntaxError(`${path}:${line + 1}: only types can be taken away, this is code: ${node.getText()}`);
  });
}

export default { process: (source, path) => ({ code: stripTypesOf(source, path) }) };

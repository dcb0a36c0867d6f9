// Documents in the package: what they link to and the package lacks, sources and tests, has no link there.
import { posix } from 'node:path';

/** Text between fences stays as it is. */
const fences = /^```\w*\n.*?^```$/gms;
const link = /(!?)\[((?:[^[\]]|\[[^\]]*\])*)\]\(([^)\s]+)\)/g;

/**
 * @param path of the document in the package, `/` between the parts
 * @param isPacked whether the package has a file or folder of this path
 */
export function packedDocument(text, path, isPacked) {
  const shown = (prose) =>
    prose.replaceAll(link, (whole, image, label, target) =>
      leadsSomewhere(path, target, isPacked) ? whole : image === '' ? label : '',
    );
  let done = 0;
  let result = '';
  for (const { index, 0: fence } of text.matchAll(fences)) {
    result += shown(text.slice(done, index)) + fence;
    done = index + fence.length;
  }
  return result + shown(text.slice(done));
}

function leadsSomewhere(path, target, isPacked) {
  const [file] = target.split('#');
  if (file === '' || /^[a-z]+:/i.test(file)) return true;
  return isPacked(posix.join(posix.dirname(path), file).replace(/\/$/, ''));
}

import { misplacements, type MisplacedFile } from '../../archive/manifest/coverage.ts';
import { counted } from '../../model/text/counted.ts';

const mostNamed = 3;

const words = {
  missing: 'missing',
  size: 'of another size than its manifest says',
  unreadable: 'in a folder that cannot be listed',
} as const satisfies Record<MisplacedFile['problem'], string>;

/**
 * What a run says of files of earlier runs that are not in their place, a sentence for each thing that is wrong with them. It
 * needs them only to compare changes, so it goes on: who moved them elsewhere knows, whoever did not should hear of it at once.
 */
export function misplacedNotes(misplaced: readonly MisplacedFile[]): readonly string[] {
  return misplacements.flatMap((problem) => {
    const paths = misplaced.filter((file) => file.problem === problem).map(({ path }) => path);
    if (paths.length === 0) return [];
    const named = paths.slice(0, mostNamed).join(', ');
    const more = paths.length > mostNamed ? ` and ${paths.length - mostNamed} more` : '';
    const files = `${counted(paths.length, 'file')} of earlier runs ${paths.length === 1 ? 'is' : 'are'}`;
    return [
      `${files} ${words[problem]} (${named}${more}): readers of the archive lack what is in ${paths.length === 1 ? 'it' : 'them'}. Restore from a copy, \`verify\` names each; without one, \`state forget\` has the next run read every room again.`,
    ];
  });
}

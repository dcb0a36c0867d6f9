import type { FilesAhead } from '../../preview/files-ahead.ts';
import { counted } from '../../model/text/counted.ts';
import { size } from './amounts.ts';

/** How much there is to download, in a sentence. */
export function filesAheadText({ files, bytes, unsized, expectedBytes }: FilesAhead): string {
  const known =
    files === 0
      ? []
      : [
          `${counted(files, 'file')} of earlier runs to download, ${size(bytes)} by the word of their messages`,
          ...(unsized > 0 ? [`${counted(unsized, 'of them', 'of them')} without a size`] : []),
        ];
  const ahead =
    expectedBytes === null
      ? 'how many bytes the files of messages still to be read have, only the messages say'
      : `files of messages still to be read: some ${size(expectedBytes)}, if they are like those so far`;
  return `Files: ${[...known, ahead].join('; ')}.`;
}

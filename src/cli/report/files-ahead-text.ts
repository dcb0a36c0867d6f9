import type { FilesAhead } from '../../preview/files-ahead.ts';
import { counted } from '../../model/text/counted.ts';
import { size } from './amounts.ts';

/** How much there is to download, in a sentence. */
export function filesAheadText({ files, bytes, unsized, expectedBytes }: FilesAhead): string {
  const known =
    files === 0
      ? []
      : [
          `${counted(files, 'file')} of earlier runs to download, ${size(bytes)} as their messages say`,
          ...(unsized > 0 ? [`${counted(unsized, 'of them', 'of them')} without a size`] : []),
        ];
  const ahead =
    expectedBytes === null
      ? 'the size of files of messages still to be read is not known yet'
      : `files of messages still to be read: some ${size(expectedBytes)}, if they are like those so far`;
  return `Files: ${[...known, ahead].join('; ')}.`;
}

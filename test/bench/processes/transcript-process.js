// Writes the transcript of an archive, with or without its index: archive, output, `with-index` or `without-index`.
import { IndexWriter } from '../../../build/transcript/search/write/index-writer.js';
import { writeTranscript } from '../../../build/transcript/write-transcript.js';

const [archive, output, index] = process.argv.slice(2);
if (index === 'without-index') {
  IndexWriter.prototype.add = () => undefined;
  IndexWriter.prototype.finish = () => Promise.resolve();
}
await writeTranscript(archive, output);

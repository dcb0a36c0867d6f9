import { PageCut } from '../layout/page-cut.ts';
import { nameForId, threadFile } from '../layout/page-names.ts';
import { html } from '../markup/html.ts';
import { messagesPage } from '../page/messages-page.ts';
import type { PageContext } from '../message/page-context.ts';
import { archivedMessage } from '../read/archived-message.ts';
import { messageGroups, rowsOfGroup } from '../read/message-groups.ts';
import { threadOfLine } from '../read/row-line.ts';
import type { ExternalSort } from '../sort/external-sort.ts';
import { numberText, pageContext, type Book } from './book.ts';
import { OpenPage } from './open-page.ts';
import type { TranscriptFolder } from '../kept/transcript-folder.ts';

/** A thread that is being written: its first message, then the replies, oldest first. */
interface OpenThread {
  readonly roomId: string;
  readonly rootId: string;
  readonly context: PageContext;
  readonly cut: PageCut;
  part: number;
  hasRoot: boolean;
  page: OpenPage;
}

/** Writes a page for each thread. Returns how many there are. */
export async function writeThreads(threads: ExternalSort, book: Book, folder: TranscriptFolder): Promise<number> {
  let open: OpenThread | undefined;
  let count = 0;
  for await (const groups of messageGroups(threads.batches(), 1))
    for (const group of groups) {
      const { roomId, messageId, lines } = group;
      const [first] = lines;
      if (first === undefined) continue;
      const rootId = threadOfLine(first);
      if (open?.roomId !== roomId || open.rootId !== rootId) {
        if (open !== undefined) await writePage(open, book, folder, false);
        count += 1;
        const context = pageContext(book, roomId, rootId);
        const page = newPage(context, book, folder);
        open = { roomId, rootId, context, cut: new PageCut(), part: 1, hasRoot: false, page };
      }
      const message = archivedMessage(rowsOfGroup(group));
      if (message === undefined) continue;
      if (open.cut.beginsPage(lines)) await writePage(open, book, folder, true);
      open.hasRoot ||= messageId === rootId;
      open.page.add(group, message, false);
    }
  if (open !== undefined) await writePage(open, book, folder, false);
  return count;
}

async function writePage(open: OpenThread, book: Book, folder: TranscriptFolder, hasNext: boolean): Promise<void> {
  const { roomId, rootId, part, hasRoot, context, page } = open;
  const number = numberText(book, rootId);
  const inRoom = context.messageLink(rootId);
  const facts = {
    roomTitle: book.names.room(roomId).title,
    heading: `Thread ${number ?? rootId}${part === 1 ? '' : `, part ${part}`}`,
    previous: part === 1 ? undefined : threadFile(rootId, part - 1),
    next: hasNext ? threadFile(rootId, part + 1) : undefined,
  };
  const path = `${nameForId(roomId)}/${threadFile(rootId, part)}`;
  await page.write(path, [facts, hasRoot, inRoom ?? null], (days) => {
    const note = html`<p class="note">
      ${page.messages}
      messages${hasNext || part > 1 ? ' on this page' : null}.${
        hasRoot ? null : ' The message that started the thread is not in the archive.'
      }${inRoom && html` <a href="${inRoom}">Where it began in the room</a>`}
    </p>`;
    return messagesPage({ ...facts, facts: note, days });
  });
  open.part += 1;
  open.page = newPage(context, book, folder);
}

function newPage(context: PageContext, { zone }: Book, folder: TranscriptFolder): OpenPage {
  return new OpenPage(folder, { context, zone, isInThread: true });
}

import { appendFile, writeFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { encodeFrame, type Frame } from '../../src/journal/frame.ts';
import { JournalTail } from '../../src/journal/journal-tail.ts';
import { type Disk, nodeDisk } from '../../src/system/disk.ts';
import { temporaryFolder } from '../support/disk/temporary-folder.ts';

const frameOf = (endpoint: string, body: string): Buffer => {
  const frame: Frame = { kind: 'answer', endpoint, params: {} };
  return encodeFrame(frame, Buffer.from(body));
};

async function endpointsTo(tail: JournalTail, sizeBytes: number): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const { frame } of tail.framesTo(sizeBytes)) if (frame.kind === 'answer') found.push(frame.endpoint);
  return found;
}

describe('JournalTail', () => {
  const pathOf = temporaryFolder();

  it('reads each frame once while the journal grows, as far as it is told and no further', async () => {
    const path = pathOf('a.pages');
    const frames = ['a', 'b', 'c'].map((name) => frameOf(name, name.repeat(50)));
    const [a = Buffer.of(), b = Buffer.of(), c = Buffer.of()] = frames;
    await writeFile(path, a);
    const tail = new JournalTail(nodeDisk, path);
    expect(await endpointsTo(tail, a.length)).toEqual(['a']);
    await appendFile(path, Buffer.concat([b, c]));
    expect(await endpointsTo(tail, a.length + b.length)).toEqual(['b']);
    expect(await endpointsTo(tail, a.length + b.length)).toEqual([]);
    expect(await endpointsTo(tail, a.length + b.length + c.length)).toEqual(['c']);
    expect(tail.readBytes).toBe(a.length + b.length + c.length);
    await tail.close();
  });

  it('reads frames that are longer than a piece, and many pieces', async () => {
    const path = pathOf('long.pages');
    const bytes = Buffer.concat(['x', 'y', 'z'].map((name) => frameOf(name, name.repeat(1_500_000))));
    await writeFile(path, bytes);
    const tail = new JournalTail(nodeDisk, path);
    expect(await endpointsTo(tail, bytes.length)).toEqual(['x', 'y', 'z']);
    await tail.close();
  });

  it('stops before a frame that is damaged or cut, and says how far it came', async () => {
    const path = pathOf('damaged.pages');
    const [a, b] = [frameOf('a', 'a'), frameOf('b', 'b')];
    b.writeUInt8(b.readUInt8(b.length - 2) ^ 1, b.length - 2);
    await writeFile(path, Buffer.concat([a, b]));
    const tail = new JournalTail(nodeDisk, path);
    expect(await endpointsTo(tail, a.length + b.length)).toEqual(['a']);
    expect(await endpointsTo(tail, a.length + b.length + 100)).toEqual([]);
    expect(tail.readBytes).toBe(a.length);
    await tail.close();
  });

  it('opens the file once, when there is something to read, and closes it', async () => {
    const path = pathOf('once.pages');
    const handles = { opened: 0, closed: 0 };
    const disk: Disk = {
      ...nodeDisk,
      openToRead: async (name) => {
        handles.opened += 1;
        const reader = await nodeDisk.openToRead(name);
        return {
          read: (from, to) => reader.read(from, to),
          close: () => {
            handles.closed += 1;
            return reader.close();
          },
        };
      },
    };
    const idle = new JournalTail(disk, path);
    expect(await endpointsTo(idle, 0)).toEqual([]);
    await idle.close();
    expect(handles).toEqual({ opened: 0, closed: 0 });
    const bytes = frameOf('a', 'a');
    await writeFile(path, Buffer.concat([bytes, bytes]));
    const tail = new JournalTail(disk, path);
    await endpointsTo(tail, bytes.length);
    await endpointsTo(tail, 2 * bytes.length);
    await tail.close();
    expect(handles).toEqual({ opened: 1, closed: 1 });
  });
});

import { fstatSync, openSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from '@jest/globals';
import { OpenFile } from '../../../src/system/disk/open-file.ts';

const anyFile = import.meta.filename;

it('closes its descriptor once: the second time it may be the one of another file', async () => {
  const descriptor = openSync(anyFile, 'r');
  const file = new OpenFile(descriptor);
  await file.close();
  expect(openSync(anyFile, 'r')).toBe(descriptor);
  await file.close();
  expect(fstatSync(descriptor).isFile()).toBe(true);
  expect(file.descriptor).toBe(-1);
  await new OpenFile(descriptor).close();
});

it('waits with closing for what another thread does, whether it fails or not', async () => {
  const file = new OpenFile(openSync(anyFile, 'r'));
  let end: () => void = () => undefined;
  const work = file.later(() => new Promise<void>((_, reject) => (end = () => reject(new Error('of the work')))));
  const { descriptor } = file;
  const closed = file.close();
  await new Promise(setImmediate);
  expect(fstatSync(descriptor).isFile()).toBe(true);
  end();
  await expect(work).rejects.toThrow('of the work');
  await closed;
  expect(() => fstatSync(descriptor)).toThrow('EBADF');
});

it('keeps nothing of what another thread has read (regression: every large piece of a file stayed in memory)', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const file = new OpenFile(openSync(anyFile, 'r'));
  const read = async () => new WeakRef(await file.later(() => Promise.resolve({ bytes: 1 })));
  const pieces = [await read(), await read()];
  await new Promise(setImmediate);
  collect();
  expect(pieces.map((piece) => piece.deref())).toEqual([undefined, undefined]);
  await file.close();
});

import { afterEach } from '@jest/globals';

/** Closes what a test has opened when it ends, the last first; returns what takes note of it. */
export function closeAfterEach(): (close: () => unknown) => void {
  const closers: (() => unknown)[] = [];
  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close();
  });
  return (close) => void closers.push(close);
}

import { z } from 'zod';
import { JsonShapeError, parseJson, parseShape } from '../../archive/json-shape.ts';
import { OutputError } from '../../errors.ts';

/** In a spool, beside what it has of runs. */
export const spoolFileName = 'spool.json';

const spoolSchema = z.object({ id: z.string().min(1) });

export function spoolIdText(id: string): Buffer {
  return Buffer.from(`${JSON.stringify({ id })}\n`);
}

/** @param shown where the text is from, for the message @throws OutputError when it is damaged */
export function parseSpoolId(shown: string, text: Buffer): string {
  try {
    return parseShape(spoolSchema, parseJson(text)).id;
  } catch (cause) {
    if (!(cause instanceof JsonShapeError)) throw cause;
    throw new OutputError(`Cannot use the spool: "${shown}" is damaged`, {
      cause,
      hint: 'Remove the spool when no run uses it: it holds nothing but what open runs have read',
    });
  }
}

import { z } from 'zod';

/** Of rows, runs, requests: a whole number from 0. */
export const countSchema = z.int().min(0);

/** Of a link of the chain. */
export const runNumberSchema = z.int().min(1);

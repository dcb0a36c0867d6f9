import { fileURLToPath } from 'node:url';

/**
 * `jobs/`, which is published with the program. Found from one folder below the root: from `src`, and from `dist`, where
 * the bundle has all of its code in one folder.
 */
export const jobsFolder = fileURLToPath(new URL('../jobs/', import.meta.url));

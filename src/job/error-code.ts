/** `ENOENT`, `EACCES`…: the code of an error of Node. Told by its shape: errors of another realm are no `instanceof Error`. */
export function errorCode(error: unknown): string {
  if (typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string')
    return error.code;
  return String(error);
}

/** `1,234`: of whole numbers. Not by `toLocaleString`, which loads ICU's tables first: some 30 ms of every run. */
export function count(value: number): string {
  return String(value).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

/** `1 message`, `1,234 messages` */
export function counted(value: number, singular: string, plural = `${singular}s`): string {
  return `${count(value)} ${value === 1 ? singular : plural}`;
}

/** `1 message`, `3,906 messages` */
export function countOf(amount: number, singular: string, plural = `${singular}s`): string {
  return `${thousands(amount)} ${amount === 1 ? singular : plural}`;
}

/** `3,906` */
export function thousands(amount: number): string {
  return String(amount).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

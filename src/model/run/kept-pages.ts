/** Which pages for people are kept in `_view` of an archive, after each run. */
export interface KeptPages {
  readonly transcript?: true;
  readonly report?: true;
  /** IANA name: of the times they show, and of their days. */
  readonly zone: string;
}

/** What the store refuses a request with: codes of https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
export class S3Error extends Error {
  readonly status: number;
  readonly code: string;
  /** Further elements of the answer. */
  readonly more: Readonly<Record<string, string>>;

  constructor(status: number, code: string, message = code, more: Readonly<Record<string, string>> = {}) {
    super(message);
    this.more = more;
    this.status = status;
    this.code = code;
  }
}

/** How to prove who we are. Never printed, never journaled. A second factor is a code, good for one login. */
export type Login =
  | { readonly kind: 'token'; readonly userId: string; readonly authToken: string }
  | { readonly kind: 'password'; readonly user: string; readonly password: string; readonly secondFactor?: string };

/** What an HTTP header can carry of an id or a token: no line break, no space. Tokens are base64url, ids alphanumeric. */
export const headerValue = /^[\x21-\x7e]+$/;

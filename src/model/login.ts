/** How to prove who we are. Never printed, never journaled. A second factor is a code, good for one login. */
export type Login =
  | { readonly kind: 'token'; readonly userId: string; readonly authToken: string }
  | { readonly kind: 'password'; readonly user: string; readonly password: string; readonly secondFactor?: string };

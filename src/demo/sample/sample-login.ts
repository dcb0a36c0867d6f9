/** Who the demo logs in as. The token is good from the start, like a personal access token. */
export const sampleLogin = {
  userId: 'tQ7rWmXb3KpLd9HsE',
  authToken: 'demo-Ahk3vN8sLqT1yZbW6rJpXcE2gUoMfD4iQeR5tYwKzVn',
  user: 'ines.marlow',
  password: 'harbour-lantern-42',
} as const;

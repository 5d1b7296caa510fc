/** Stands in for a session: the id of the user who is signed in. */
export async function currentUserId(): Promise<string> {
  return "ada";
}

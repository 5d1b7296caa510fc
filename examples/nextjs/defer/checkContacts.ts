import { defer } from "@defer/client";
import { parseContacts } from "@/lib/contacts";

/** Counts the contacts of a text and names the lines that hold none. Imports nothing. */
async function checkContacts(text: string): Promise<{ contacts: number; problems: string[] }> {
  const { contacts, problems } = parseContacts(text);
  return { contacts: contacts.length, problems };
}

export default defer(checkContacts);

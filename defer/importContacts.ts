import { assignOptions, defer } from "@defer/client";
import welcomeContact from "./welcomeContact.ts";

/** Imports the contacts of a CSV text (`name,email`), and welcomes each in an execution of its own. */
async function importContacts(csv: string): Promise<{ imported: number; welcomes: string[] }> {
  const contacts = csv.split("\n").filter(Boolean).map(parseContact);
  const welcomes: string[] = [];
  for (const { name, email } of contacts) {
    const welcome = assignOptions(welcomeContact, { metadata: { email } });
    const { id } = await welcome(name, email);
    welcomes.push(id);
  }
  console.log(`imported ${contacts.length} contacts`);
  return { imported: contacts.length, welcomes };
}

function parseContact(line: string): { name: string; email: string } {
  const [name, email] = line.split(",").map((part) => part.trim());
  if (!name || !email?.includes("@")) throw new Error(`not a contact: ${line}`);
  return { name, email };
}

export default defer(importContacts);

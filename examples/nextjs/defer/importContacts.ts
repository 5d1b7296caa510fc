import { assignOptions, defer } from "@defer/client";
import { parseContacts } from "@/lib/contacts";
import welcomeContact from "./welcomeContact";

/** Imports contacts and welcomes each in an execution of its own, a child of this one. */
async function importContacts(text: string): Promise<{ imported: number }> {
  const { contacts, problems } = parseContacts(text);
  if (problems.length > 0) throw new Error(problems.join("; "));
  if (contacts.length === 0) throw new Error("there are no contacts in this text");
  console.log(`importing ${contacts.length} contacts`);
  for (const { name, email } of contacts) {
    const welcome = assignOptions(welcomeContact, { metadata: { type: "welcome" } });
    await welcome(name, email);
  }
  return { imported: contacts.length };
}

export default defer(importContacts, { retry: { maxAttempts: 1, initialInterval: 1, randomizationFactor: 0 } });

/** A person to be imported. */
export interface Contact {
  name: string;
  email: string;
}

/** Contacts of a text, and the lines that hold none. */
export interface ParsedContacts {
  contacts: Contact[];
  problems: string[];
}

/** Reads a text with a contact per line, `name,email`. */
export function parseContacts(text: string): ParsedContacts {
  const parsed: ParsedContacts = { contacts: [], problems: [] };
  for (const [index, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    const [name, email] = line.split(",").map((part) => part.trim());
    if (name && email && /^[^@\s]+@[^@\s]+$/.test(email)) parsed.contacts.push({ name, email });
    else parsed.problems.push(`line ${index + 1} is not a contact: ${line.trim()}`);
  }
  return parsed;
}

"use client";

import { useDeferRoute } from "@defer/client/next";
import { useActionState, useState } from "react";
import { startImport } from "@/app/actions";
import type checkContacts from "@/defer/checkContacts";

const EXAMPLE = "Grace Hopper, grace@example.com\nAlan Turing, alan@example.com";

export function ImportForm() {
  const [contacts, setContacts] = useState(EXAMPLE);
  const [{ error }, action, isStarting] = useActionState(startImport, {});
  const [check, { loading: isChecking, result }] = useDeferRoute<typeof checkContacts>("/api/check");
  return (
    <form action={action} className="card" aria-labelledby="new-import">
      <h2 id="new-import">New import</h2>
      <label htmlFor="contacts">Contacts</label>
      <textarea
        id="contacts"
        name="contacts"
        rows={7}
        required
        value={contacts}
        onChange={({ target }) => setContacts(target.value)}
        aria-describedby="contacts-hint"
      />
      <p id="contacts-hint" className="hint">
        One per line: name, email
      </p>
      <label htmlFor="when">When</label>
      <select id="when" name="when" defaultValue="now">
        <option value="now">Now</option>
        <option value="in-an-hour">In an hour</option>
        <option value="tomorrow">Tomorrow</option>
      </select>
      {error && (
        <p role="alert" className="error">
          {error}
        </p>
      )}
      <p role="status" aria-label="Check" className="hint">
        {isChecking ? "Checking…" : result && describe(result)}
      </p>
      <div className="buttons">
        <button type="submit" className="primary" disabled={isStarting}>
          Import contacts
        </button>
        <button type="button" onClick={() => check(contacts)}>
          Check first
        </button>
      </div>
    </form>
  );
}

function describe({ contacts, problems }: { contacts: number; problems: string[] }): string {
  return [`${contacts} ${contacts === 1 ? "contact" : "contacts"} found`, ...problems].join("; ");
}

import { type FormEvent, useState } from "react";
import { connection } from "../api/connection.ts";
import { token } from "../api/token.ts";
import { useStore } from "../state/store.ts";
import { Button } from "../ui/button.tsx";
import { Field, inputClass } from "../ui/field.tsx";
import { Logo } from "../ui/logo.tsx";

/** Asks for a token, and checks it before it is kept. */
export function SignIn({ problem: firstProblem }: { problem: string | undefined }) {
  const [problem, setProblem] = useState(firstProblem);
  const [isChecking, setIsChecking] = useState(false);
  const isUp = useStore(connection).isUp;

  async function check(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const typed = String(new FormData(event.currentTarget).get("token")).trim();
    setIsChecking(true);
    setProblem(undefined);
    try {
      const response = await fetch("/console/session", { headers: { authorization: `Bearer ${typed}` } });
      if (response.ok) return token.set(typed);
      if (response.status === 403) setProblem("This token may not read: the console needs the scope “read”.");
      else setProblem("No such token. It may have been revoked, or a character is missing.");
    } catch {
      setProblem("The API does not answer. Is it running?");
    } finally {
      setIsChecking(false);
    }
  }

  return (
    <main className="grid min-h-dvh place-items-center p-4">
      <div className="w-full max-w-sm">
        <div className="mb-6 flex items-center gap-2.5">
          <Logo className="size-9" />
          <span className="text-xl font-semibold tracking-tight">Epoque</span>
        </div>
        <form
          onSubmit={(event) => void check(event)}
          className="rounded-xl border border-line bg-surface p-6 shadow-card"
        >
          <h1 className="text-base font-semibold">Sign in</h1>
          <p className="mt-1 mb-4 text-muted">
            {location.hostname === "localhost" || location.hostname === "127.0.0.1"
              ? "Open the address behind “console” in the terminal of npm start, or type the token from its last line."
              : "Paste an API token. It stays in this tab and is gone when you close it."}
          </p>
          <Field label="API token">
            <input name="token" type="password" required autoComplete="off" spellCheck={false} className={inputClass} />
          </Field>
          <p role="alert" className="min-h-6 py-1 text-bad">
            {problem ?? (isUp ? "" : "The API does not answer.")}
          </p>
          <Button kind="primary" type="submit" isBusy={isChecking} className="w-full">
            Sign in
          </Button>
        </form>
      </div>
    </main>
  );
}

import { type ErrorComponentProps, Link } from "@tanstack/react-router";
import { Button, buttonClass } from "../ui/button.tsx";
import { Empty } from "../ui/empty.tsx";

/** Shows why a screen could not be shown. */
export function ScreenError({ error, reset }: ErrorComponentProps) {
  return (
    <Empty title="This could not be shown" action={<Button onClick={reset}>Try again</Button>}>
      {error instanceof Error ? error.message : String(error)}
    </Empty>
  );
}

export function NotFound() {
  return (
    <Empty
      title="There is nothing at this address"
      action={
        <Link to="/" className={buttonClass()}>
          To the start
        </Link>
      }
    >
      The link may be incomplete.
    </Empty>
  );
}

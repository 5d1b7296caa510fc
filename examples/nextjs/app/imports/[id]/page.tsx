import Link from "next/link";
import { notFound } from "next/navigation";
import { AutoRefresh } from "@/components/AutoRefresh";
import { ImportActions } from "@/components/ImportActions";
import { isPending, StateBadge } from "@/components/StateBadge";
import { Time } from "@/components/Time";
import { findImport } from "@/lib/imports";
import { shortId } from "@/lib/shortId";

export const dynamic = "force-dynamic";

interface Props {
  params: Promise<{ id: string }>;
}

export default async function Page({ params }: Props) {
  const found = await findImport((await params).id);
  if (!found) notFound();
  const { id, state, imported, attempts, welcomes, scheduledAt, createdAt } = found;
  return (
    <>
      <nav aria-label="Breadcrumb">
        <Link href="/">← All imports</Link>
      </nav>
      <div className="title">
        <h1>Import {shortId(id)}</h1>
        <span role="status">
          <StateBadge state={state} />
        </span>
      </div>
      <p className="lead">
        Created <Time value={createdAt} />
        {state === "created" && (
          <>
            , due <Time value={scheduledAt} />
          </>
        )}
        {imported !== undefined && `, ${imported} ${imported === 1 ? "contact" : "contacts"} imported`}
      </p>
      <ImportActions id={id} state={state} />
      <section className="card" aria-labelledby="attempts">
        <h2 id="attempts">Attempts</h2>
        <ol aria-labelledby="attempts" className="timeline">
          {attempts.map((attempt, index) => (
            <li key={attempt.id}>
              <div className="row">
                <strong>Attempt {index + 1}</strong>
                <StateBadge state={attempt.state} />
                <Time value={attempt.scheduledAt} />
              </div>
              {attempt.error && <p className="error">{attempt.error}</p>}
            </li>
          ))}
        </ol>
      </section>
      {welcomes.length > 0 && (
        <section className="card" aria-labelledby="welcomes">
          <h2 id="welcomes">Welcome messages</h2>
          <ul aria-labelledby="welcomes" className="timeline">
            {welcomes.map((welcome) => (
              <li key={welcome.id}>
                <div className="row">
                  <strong>Message {shortId(welcome.id)}</strong>
                  <StateBadge state={welcome.state} />
                  <Time value={welcome.createdAt} />
                </div>
              </li>
            ))}
          </ul>
        </section>
      )}
      <AutoRefresh active={isPending(state) || welcomes.some((welcome) => isPending(welcome.state))} />
    </>
  );
}

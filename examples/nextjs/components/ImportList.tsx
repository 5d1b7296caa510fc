import Link from "next/link";
import type { ImportPage } from "@/lib/imports";
import { shortId } from "@/lib/shortId";
import { StateBadge } from "./StateBadge";
import { Time } from "./Time";

export function ImportList({ imports, nextCursor, isFirst }: ImportPage & { isFirst: boolean }) {
  return (
    <section className="card" aria-labelledby="imports">
      <h2 id="imports">Your imports</h2>
      {imports.length === 0 ? (
        <p className="empty">Nothing here yet. Your first import will show up in this list.</p>
      ) : (
        <ul aria-labelledby="imports" className="list">
          {imports.map(({ id, state, createdAt }) => (
            <li key={id}>
              <Link href={`/imports/${id}`}>Import {shortId(id)}</Link>
              <Time value={createdAt} />
              <StateBadge state={state} />
            </li>
          ))}
        </ul>
      )}
      <nav aria-label="Pages" className="pages">
        {isFirst ? <span /> : <Link href="/">Newest</Link>}
        {nextCursor && <Link href={`/?after=${encodeURIComponent(nextCursor)}`}>Older</Link>}
      </nav>
    </section>
  );
}

/** The mark of Epoque: a clock that leaves a dot behind. */
export function Logo({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 32 32" className={className} aria-hidden="true">
      <rect width="32" height="32" rx="8" fill="#4f46e5" />
      <g fill="none" stroke="#fff" strokeWidth="3" strokeLinecap="round" strokeLinejoin="round">
        <path d="M16 7a9 9 0 1 0 9 9" />
        <path d="M16 11v5l3.5 3.5" />
      </g>
      <circle cx="24" cy="8" r="2.5" fill="#a5b4fc" />
    </svg>
  );
}

import type { ReactNode } from "react";

/** Stands where there is nothing to show: says so, and what to do. */
export function Empty({
  title,
  icon,
  action,
  children,
}: {
  title: string;
  icon?: ReactNode;
  action?: ReactNode;
  children?: ReactNode;
}) {
  return (
    <div className="flex flex-col items-center gap-1.5 px-6 py-16 text-center">
      {icon !== undefined && (
        <div className="mb-2 grid size-12 place-items-center rounded-full bg-sunken text-muted">{icon}</div>
      )}
      <p className="text-base font-semibold">{title}</p>
      {children !== undefined && <div className="max-w-md break-words text-muted">{children}</div>}
      {action !== undefined && action !== false && <div className="mt-3">{action}</div>}
    </div>
  );
}

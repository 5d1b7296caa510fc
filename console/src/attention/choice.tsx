import { classes } from "../ui/classes.ts";

/** One of a few, as buttons in a row. */
export function Choice<Value extends string>({
  label,
  options,
  value,
  onChange,
}: {
  label: string;
  options: readonly { value: Value; label: string }[];
  value: Value;
  onChange: (value: Value) => void;
}) {
  return (
    <fieldset aria-label={label} className="flex rounded-lg border border-strong-line bg-surface p-0.5 shadow-card">
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          aria-pressed={option.value === value}
          onClick={() => onChange(option.value)}
          className={classes(
            "h-7 rounded-md px-3 font-medium",
            option.value === value ? "bg-accent-soft text-accent-text" : "text-muted hover:text-text",
          )}
        >
          {option.label}
        </button>
      ))}
    </fieldset>
  );
}

import type { Argument, Command, Option } from "commander";

/** Describes every verb as a page of documentation. */
export function reference(program: Command, devUsage: string): string {
  return [
    ...program.commands.flatMap((command) =>
      command.commands.length > 0
        ? [
            `## ${command.name()}`,
            `${sentence(command.description())}`,
            ...command.commands.flatMap((it) => section(it, "###")),
          ]
        : section(command, "##", command.name() === "dev" ? devUsage : undefined),
    ),
  ].join("\n\n");
}

function section(command: Command, level: string, usage?: string): string[] {
  const name = fullName(command);
  const words = [name, ...command.registeredArguments.map(argument)].join(" ");
  const rows: [string, string][] = [
    ...command.registeredArguments.filter(({ description }) => description).map(row),
    ...command.options.filter(isItsOwn).map(optionRow),
  ];
  return [
    `${level} ${name.replace(/^epoque /, "")}`,
    sentence(command.description().replace(/;.*--help.*$/, "")),
    `\`\`\`\n${usage ?? `npx ${words}`}\n\`\`\``,
    ...(usage !== undefined || rows.length === 0 ? [] : [tableOf(rows)]),
  ];
}

function fullName(command: Command): string {
  return command.parent ? `${fullName(command.parent)} ${command.name()}` : command.name();
}

function argument(it: Argument): string {
  const text = `${it.name()}${it.variadic ? "..." : ""}`;
  return it.required ? `<${text}>` : `[${text}]`;
}

function row(it: Argument): [string, string] {
  return [`\`${argument(it)}\``, it.argChoices ? `${it.description} ${it.argChoices.join(", ")}` : it.description];
}

// The page tells of these once.
function isItsOwn({ long }: Option): boolean {
  return long !== "--json" && long !== "--profile";
}

function optionRow({ flags, description, defaultValue }: Option): [string, string] {
  const byDefault =
    defaultValue === undefined || typeof defaultValue === "boolean" ? "" : ` (default: ${defaultValue})`;
  return [`\`${flags}\``, description + byDefault];
}

function tableOf(rows: readonly [string, string][]): string {
  const all: [string, string][] = [
    ["", ""],
    ...rows.map(([one, two]): [string, string] => [one, two.replaceAll("|", "\\|")]),
  ];
  const widths = [0, 1].map((index) => Math.max(3, ...all.map((cells) => cells[index]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join(" | ")} |`;
  return [line(all[0] ?? []), line(widths.map((count) => "-".repeat(count))), ...all.slice(1).map(line)].join("\n");
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${text.endsWith(".") ? "" : "."}`;
}

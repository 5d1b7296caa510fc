import type { Command } from "commander";

type Shell = "bash" | "zsh" | "fish";

/** Prints what to write into a shell's profile: `eval "$(npx epoque completion bash)"`. */
export function completion(program: Command, shell: Shell): string {
  const words = wordsOf(program);
  if (shell === "fish") return fish(program);
  const cases = words.map(([path, choices]) => `    ${quoted(path)}) words=${quoted(choices.join(" "))} ;;`).join("\n");
  return (shell === "bash" ? BASH : ZSH).replace("CASES", () => cases);
}

/** Lists for each verb what may follow it: verbs below it, and options. */
function wordsOf(command: Command, path = ""): [string, string[]][] {
  const below = command.commands.filter((it) => it.name() !== "help");
  const options = command.options.flatMap(({ short, long }) => [short, long].filter((it) => it !== undefined));
  const own: [string, string[]] = [path, [...below.map((it) => it.name()), ...options, "--help"]];
  return [own, ...below.flatMap((it) => wordsOf(it, `${path} ${it.name()}`.trim()))];
}

const BASH = `_epoque() {
  local path="" word words
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$word" in
      -*) ;;
      *) if _epoque_words "\${path:+$path }$word"; then path="\${path:+$path }$word"; fi ;;
    esac
  done
  _epoque_words "$path"
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
_epoque_words() {
  case "$1" in
CASES
    *) return 1 ;;
  esac
}
complete -F _epoque epoque`;

const ZSH = `#compdef epoque
_epoque() {
  local location="" word words_found
  for word in "\${(@)words[2,CURRENT-1]}"; do
    case "$word" in
      -*) ;;
      *) if _epoque_words "\${location:+$location }$word"; then location="\${location:+$location }$word"; fi ;;
    esac
  done
  _epoque_words "$location"
  compadd -- \${=words_found}
}
_epoque_words() {
  local words
  case "$1" in
CASES
    *) return 1 ;;
  esac
  words_found="$words"
}
compdef _epoque epoque`;

function fish(program: Command): string {
  const lines = ["complete -c epoque -f"];
  for (const command of program.commands) {
    const isFirst = "__fish_use_subcommand";
    lines.push(`complete -c epoque -n ${isFirst} -a ${command.name()} -d ${quoted(command.description())}`);
    const isSeen = quoted(`__fish_seen_subcommand_from ${command.name()}`);
    for (const below of command.commands) {
      lines.push(`complete -c epoque -n ${isSeen} -a ${below.name()} -d ${quoted(below.description())}`);
    }
    for (const { long, short, description } of command.options) {
      const names = [long && `-l ${long.slice(2)}`, short && `-s ${short.slice(1)}`].filter(Boolean).join(" ");
      lines.push(`complete -c epoque -n ${isSeen} ${names} -d ${quoted(description)}`);
    }
  }
  return lines.join("\n");
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

import type { Command } from "commander";

type Shell = "bash" | "zsh" | "fish";

/** Returns what to write into a shell's profile: `eval "$(npx epoque completion bash)"`. */
export function completion(program: Command, shell: Shell): string {
  const cases = choicesOf(program).map(({ path, choices }) => {
    if (shell !== "fish") return `    ${quoted(path)}) words=${quoted(choices.map(({ name }) => name).join(" "))} ;;`;
    const lines = choices.map(({ name, description }) => quoted(`${name}\t${description}`));
    return `    case ${quoted(path)}\n      printf '%s\\n' ${lines.join(" ")}`;
  });
  return SCRIPTS[shell].replace("CASES", () => cases.join("\n"));
}

/** Words that may follow a verb: verbs below it, and options. */
interface Choices {
  /** The verb with those above it: `schedules put`. */
  path: string;
  choices: { name: string; description: string }[];
}

function choicesOf(command: Command, path = ""): Choices[] {
  const below = command.commands.filter((it) => it.name() !== "help");
  const verbs = below.map((it) => ({ name: it.name(), description: it.description() }));
  const options = command.options.flatMap(({ short, long, description }) =>
    [short, long].filter((it) => it !== undefined).map((name) => ({ name, description })),
  );
  const help = { name: "--help", description: "shows what it does" };
  const own = { path, choices: [...verbs, ...options, help] };
  return [own, ...below.flatMap((it) => choicesOf(it, `${path} ${it.name()}`.trim()))];
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

const FISH = `function __epoque_words
  switch "$argv"
CASES
    case '*'
      return 1
  end
end
function __epoque_complete
  set -l path
  for word in (commandline -opc)[2..]
    string match -q -- '-*' $word; and continue
    __epoque_words $path $word >/dev/null; and set -a path $word
  end
  __epoque_words $path
end
complete -c epoque -f -a '(__epoque_complete)'`;

const SCRIPTS: Readonly<Record<Shell, string>> = { bash: BASH, zsh: ZSH, fish: FISH };

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

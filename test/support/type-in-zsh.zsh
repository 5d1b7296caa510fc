# Types "$2" in a terminal of zsh with the completion in the file "$1", and prints what stands there then.
zmodload zsh/zpty
zpty typed zsh -f -i
zpty -w typed "autoload -Uz compinit; compinit -D; source ${(q)1}; show() { print -r -- \"<\$BUFFER>\"; exit }; zle -N show; bindkey '^X' show; print loa''ded"
zpty -r -m typed found '*loaded*'
zpty -w -n typed "$2"$'\C-x'
zpty -r -m typed found '*<*>*'
print -r -- ${${found##*<}%%>*}

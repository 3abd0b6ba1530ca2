// The shell's side of completion: it asks `kubeplan __complete WORDS…` and shows what comes back.

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
type Shell = (typeof SHELLS)[number];

const BASH = `# kubeplan completion for bash: source <(kubeplan completion bash)
_kubeplan() {
  local line="\${COMP_LINE:0:COMP_POINT}" words=() answer=() last directive cut i
  read -ra words <<< "$line"
  [[ "$line" == *[[:space:]] ]] && words+=("")
  mapfile -t answer < <("\${words[0]}" __complete "\${words[@]:1}" 2>/dev/null)
  directive="\${answer[-1]:-:0}"
  last="\${words[-1]}"
  COMPREPLY=()
  # Bash has cut the word at = already; what stands before it must not come twice.
  cut=""
  [[ "$last" == *=* && "$COMP_WORDBREAKS" == *=* ]] && cut="\${last%%=*}="
  for ((i = 0; i < \${#answer[@]} - 1; i++)); do
    local word="\${answer[i]%%$'\\t'*}"
    COMPREPLY+=("\${word#"$cut"}")
  done
  if [[ "$directive" == ":0" ]]; then
    compopt -o filenames 2>/dev/null
    while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen -f -- "\${last#"$cut"}")
  fi
}
complete -F _kubeplan kubeplan
`;

const ZSH = `#compdef kubeplan
# kubeplan completion for zsh: source <(kubeplan completion zsh), or a file _kubeplan in a folder of $fpath
_kubeplan() {
  local -a answer candidates
  local directive line
  answer=("\${(@f)$("\${words[1]}" __complete "\${(@)words[2,$CURRENT]}" 2>/dev/null)}")
  directive="\${answer[-1]}"
  for line in "\${(@)answer[1,-2]}"; do
    # _describe splits at colons.
    line="\${line//:/\\\\:}"
    candidates+=("\${line/$'\\t'/:}")
  done
  (( \${#candidates} )) && _describe -V kubeplan candidates
  [[ "$directive" == ":0" ]] && _files
}
if [ "$funcstack[1]" = "_kubeplan" ]; then _kubeplan; else compdef _kubeplan kubeplan; fi
`;

const FISH = `# kubeplan completion for fish: kubeplan completion fish | source
function __kubeplan_complete
    set -l words (commandline -opc)
    set -l answer ($words[1] __complete $words[2..-1] (commandline -ct) 2>/dev/null)
    test (count $answer) -gt 0; or return
    test (count $answer) -gt 1; and printf '%s\\n' $answer[1..-2]
    test "$answer[-1]" = ":0"; and __fish_complete_path (commandline -ct)
end
complete -c kubeplan -f -a '(__kubeplan_complete)'
`;

export const SCRIPTS: Readonly<Record<Shell, string>> = { bash: BASH, zsh: ZSH, fish: FISH };

# coupons completion for bash. Try: source <(coupons completion bash)
# For good: coupons completion bash > ~/.local/share/bash-completion/completions/coupons
_coupons() {
  local line=${COMP_LINE:0:COMP_POINT} kind candidate description
  local -a words
  read -ra words <<<"$line"
  [[ $line == *[[:space:]] ]] && words+=('')
  local current=${words[${#words[@]} - 1]}
  # Readline replaces only what stands behind the last of its word breaks.
  local breaks=${COMP_WORDBREAKS//[^=:]/} kept=
  [[ -n $breaks ]] && kept=${current%"${current##*[$breaks]}"}
  COMPREPLY=()
  while IFS=$'\t' read -r candidate description; do
    if [[ -z $kind ]]; then
      kind=$candidate
    else
      # Bash inserts it as it is: a name may have blanks, or be a command in $(...).
      printf -v candidate %q "${candidate#"$kept"}"
      COMPREPLY+=("$candidate")
    fi
  done < <("$1" __complete -- "${words[@]:1}" 2>/dev/null)
  case $kind in
    files) kind=-f ;;
    directories) kind=-d ;;
    *) return ;;
  esac
  compopt -o filenames 2>/dev/null
  while IFS= read -r candidate; do
    COMPREPLY+=("$candidate")
  done < <(compgen "$kind" -- "${current#*=}")
}
complete -F _coupons coupons

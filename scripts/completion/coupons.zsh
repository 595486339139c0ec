#compdef coupons
# coupons completion for zsh. Try: source <(coupons completion zsh)
# For good: coupons completion zsh > "${fpath[1]}/_coupons"
_coupons() {
  local line value description
  local -a lines candidates
  lines=("${(@f)$("${words[1]}" __complete -- "${(@)words[2,CURRENT]}" 2>/dev/null)}")
  case $lines[1] in
    files) compset -P '*='; _files ;;
    directories) compset -P '*='; _files -/ ;;
    words)
      for line in "${(@)lines[2,-1]}"; do
        value=${line%%$'\t'*} description=${line#*$'\t'}
        # In _describe, the first colon without a backslash ends the value.
        value=${value//\\/\\\\} value=${value//:/\\:}
        candidates+=("$value${description:+:$description}")
      done
      _describe -t values value candidates
      ;;
  esac
}
if [[ $funcstack[1] == _coupons ]]; then _coupons "$@"; else compdef _coupons coupons; fi

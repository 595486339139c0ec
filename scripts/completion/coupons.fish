# coupons completion for fish. Try: coupons completion fish | source
# For good: coupons completion fish > ~/.config/fish/completions/coupons.fish
function __coupons_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l lines ($words[1] __complete -- $words[2..-1] "$current" 2>/dev/null)
    switch "$lines[1]"
        case files
            __fish_complete_path "$current"
        case directories
            __fish_complete_directories "$current"
        case words
            printf '%s\n' $lines[2..-1]
    end
end
complete -c coupons -f -a '(__coupons_complete)'

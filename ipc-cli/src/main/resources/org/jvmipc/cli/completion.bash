# Completion of the command ipc for bash, and for zsh with bashcompinit. Made by: ipc generate-completion
# It starts no JVM: addresses are read from the records of the registry, a file each.

# Prints the addresses of the objects there are.
_ipc_addresses() {
    local home=${IPC_HOME:-/dev/shm/ipc-$(id -u)} record line
    # What another user has put there would be typed as if it were this one's.
    [ -O "$home" ] && [ ! -L "$home" ] && [ -O "$home/registry" ] && [ ! -L "$home/registry" ] || return 0
    for record in "$home"/registry/*.rec; do
        [ -f "$record" ] && [ -r "$record" ] || continue
        while IFS= read -r line; do
            case $line in
                address=*)
                    line=${line#address=}
                    line=${line//%25/%}
                    case $line in
                        *[!A-Za-z0-9._:/%@+,=-]*) ;; # the shell would take it for something else
                        *) printf '%s\n' "$line" ;;
                    esac
                    break
                    ;;
            esac
        done <"$record"
    done
}

# Prints those of them that have one of these schemes, as 'event|latch', and the schemes.
_ipc_addresses_of() {
    _ipc_addresses | grep -E "^($1):"
    printf '%s:\n' ${1//|/ }
}

# Prints the FIFOs, and the directories, whose paths begin so. One that the shell would not take as it stands is left out: on
# the command line it would be something else.
_ipc_fifos() {
    local path
    compgen -f -- "$1" | while IFS= read -r path; do
        case $path in *[[:space:]\$\`\"\'\\\(\)\;\&\|\<\>\*\?\[\]{}\#!]*) continue ;; esac
        if [ -p "$path" ]; then
            printf '%s\n' "fifo:$path"
        elif [ -d "$path" ]; then
            printf '%s\n' "fifo:$path/"
        fi
    done
}

_ipc_options() { # VERB: sets words to its options
    case $1 in
@OPTIONS@
        *) words='@GLOBAL@' ;;
    esac
}

_ipc() {
    # The words as the command will get them: bash breaks them at colons and equals signs.
    local line=${COMP_LINE:0:COMP_POINT} all current verb='' word words='' candidates='' index=0
    read -r -a all <<<"$line"
    case $line in
        *[[:space:]]) current='' ;;
        *) current=${all[${#all[@]} - 1]} && unset "all[${#all[@]}-1]" ;;
    esac
    for word in "${all[@]:1}"; do
        case $word in
            -*) ;;
            *) verb=$word && break ;;
        esac
    done
    local previous=${all[${#all[@]} - 1]}

    if [ -z "$verb" ]; then
        case $current in
            -*) candidates='@GLOBAL@' ;;
            *) candidates='@VERBS@' ;;
        esac
    else
        case $previous in
            --color) candidates='auto always never' ;;
            -f | --frame) candidates='line nul len32 json raw framed' ;;
            --mutex) candidates=$(_ipc_addresses_of mutex) ;;
            -o | --columns) candidates='address scheme state lifetime owner age created size bytes users' ;;
        esac
        if [ -z "$candidates" ]; then
            case $verb:$current in
                *:-*)
                    _ipc_options "$verb"
                    candidates=$words
                    ;;
                demo:*) candidates='list all @DEMOS@' ;;
                help:*) candidates='@VERBS@' ;;
                sem:*)
                    case $previous in
                        sem) candidates='wait post value run' ;;
                        *) candidates="$(_ipc_addresses) @SCHEMES@" ;;
                    esac
                    ;;
                signal:*)
                    case $previous in
                        signal) candidates='send watch list' ;;
                        *) candidates='HUP INT TERM USR1 ALRM CHLD CONT WINCH RTMIN RTMIN+1 RTMIN+2 RTMIN+3' ;;
                    esac
                    ;;
                wait:*) candidates=$(_ipc_addresses_of 'event|latch|barrier|cond|rwlock') ;;
                notify:*) candidates=$(_ipc_addresses_of 'event|latch|barrier|cond') ;;
                send:fifo:[/.~]* | recv:fifo:[/.~]* | create:fifo:[/.~]* | inspect:fifo:[/.~]* | rm:fifo:[/.~]* | bridge:fifo:[/.~]*)
                    candidates=$(_ipc_addresses && _ipc_fifos "${current#fifo:}")
                    ;;
                explain:* | generate-completion:*) ;;
                *) candidates="$(_ipc_addresses) @SCHEMES@" ;;
            esac
        fi
    fi

    # Not by compgen -W, which would expand what stands in a file's name.
    COMPREPLY=()
    while IFS= read -r word; do
        case $word in
            '') ;;
            "$current"*) COMPREPLY[index++]=$word ;;
        esac
    done < <(printf '%s\n' "$candidates" | tr ' ' '\n' | sort -u)
    # What stands before the last colon is there already where bash breaks words at colons.
    case $COMP_WORDBREAKS in
        *:*)
            case $current in
                *:*)
                    local before=${current%"${current##*:}"}
                    for index in "${!COMPREPLY[@]}"; do
                        COMPREPLY[index]=${COMPREPLY[index]#"$before"}
                    done
                    ;;
            esac
            ;;
    esac
    case ${COMPREPLY[0]:-} in
        *: | */) compopt -o nospace 2>/dev/null ;;
    esac
}

complete -F _ipc ipc ./ipc

#!/usr/bin/env bash
# Health check of the images: exit code 0 when the program answers, 1 with the reason when not.
#
#   health-check.sh [--process NAME] [--until PATH]
#
#   --process NAME   a process of this name must run as well
#   --until PATH     wait until this path answers 200, too (below Docker's time limit for one check)
#
# It asks /healthz at DF_LISTEN_ADDRESS (default port 8080). HEALTHCHECK=false switches it off. By bash's own
# /dev/tcp: it runs every five seconds in each container, and a Node that only starts costs twenty times as much.
set -u

readonly answer_limit=4 until_limit_ms=8000 pause=0.5

process='' until_path=''
while (($# > 0)); do
  case $1 in
    --process) process=$2 ;;
    --until) until_path=$2 ;;
    *) echo "$1 is not an option" >&2; exit 1 ;;
  esac
  shift 2
done
case ${HEALTHCHECK:-} in 0 | [fF] | [fF][aA][lL][sS][eE]) exit 0 ;; esac

address=${DF_LISTEN_ADDRESS:-:8080}
host=${address%:*} port=${address##*:}
case $host in '' | 0.0.0.0 | '[::]') host=127.0.0.1 ;; esac
url=http://$host:$port

# Prints the status that a path answers within some seconds, or nothing.
status_of() { # PATH SECONDS
  local name=${host#[} status
  exec 3<>"/dev/tcp/${name%]}/$port" || return
  printf 'GET %s HTTP/1.0\r\nHost: %s\r\n\r\n' "$1" "$host:$port" >&3
  IFS=' ' read -r -t "$2" _ status _ <&3 && printf '%s' "${status%$'\r'}"
}

# Sets `problem`: empty when a path answers 200.
ask() { # PATH SECONDS
  local status
  status=$(status_of "$@" 2>/dev/null)
  case $status in
    200) problem='' ;;
    '') problem="$url$1: no answer" ;;
    *) problem="$url$1 answered $status" ;;
  esac
}

runs() { # NAME
  local file name
  for file in /proc/[0-9]*/comm; do
    # It may end while we look.
    { read -r name <"$file"; } 2>/dev/null && [ "$name" = "$1" ] && return
  done
  return 1
}

now_ms() { echo $((${EPOCHREALTIME/[.,]/} / 1000)); }

await() { # PATH
  local end left_ms
  end=$(($(now_ms) + until_limit_ms))
  for (( ; ; )); do
    left_ms=$((end - $(now_ms)))
    ask "$1" "$((left_ms > 1000 ? left_ms / 1000 : 1))"
    if [ -z "$problem" ] || ((left_ms < 500)); then return; fi
    sleep "$pause"
  done
}

ask /healthz "$answer_limit"
if [ -z "$problem" ] && [ -n "$process" ] && ! runs "$process"; then problem="no process $process runs"; fi
if [ -z "$problem" ] && [ -n "$until_path" ]; then await "$until_path"; fi
if [ -n "$problem" ]; then
  echo "$problem" >&2
  exit 1
fi

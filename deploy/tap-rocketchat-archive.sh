#!/bin/sh
# The archive in $ARCHIVE as a tap of Singer, for runners that call it as `tap --config FILE [--catalog FILE] [--state FILE]`:
# emit needs the state only.
set -eu
state=
while [ $# -gt 0 ]; do
  case $1 in
    --state) state=$2; shift 2 ;;
    --config | --catalog | --properties) shift 2 ;;
    *) echo "tap-rocketchat-archive: unknown argument $1" >&2; exit 64 ;;
  esac
done
exec rocketchat-export emit "$ARCHIVE" --protocol singer ${state:+--state "$state"}

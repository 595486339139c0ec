#!/bin/sh
# Creates the three topics of the pipeline. Arguments go to `coupons topics create`:
#   ./create-kafka-topics.sh --brokers localhost:9092 --profile local
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)

if ! command -v node > /dev/null; then
  echo 'Node.js 20.19 or newer is needed, and node was not found on the PATH.' >&2
  exit 1
fi
exec node "$root/bin/coupons.js" topics create "$@"

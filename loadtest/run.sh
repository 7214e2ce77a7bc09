#!/usr/bin/env bash
# Load on a real proxy process between simulated backends, on 127.0.0.1 alone: run.sh NAME [--seconds N] [--rate N]
# NAME: steady, spike, soak, failover, rollback, reload, scale. Exit code 0: everything held.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
[ -s ../target/rollout-proxy.jar ] || (cd .. && mvn -q -B -ntp -DskipTests package)
[ -d backend/target/lib ] || mvn -q -B -ntp -f backend/pom.xml package
exec /usr/bin/python3 run.py "$@"

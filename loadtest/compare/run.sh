#!/usr/bin/env bash
# CPU, garbage, latency and memory of this proxy beside nginx, HAProxy, vertx-http-proxy, Spring Cloud Gateway and bare pipes of Vert.x and Netty, on 127.0.0.1 alone:
# run.sh [--rounds N] [--seconds S] [--warm S] [--streams N] [--parts json,sse,loops,collectors,http2,large,streams] [--old JAR] [--only NAMES]. Prints a Markdown table.
# Two versions of this proxy beside each other: run.sh --old OLD.jar --only 'rollout-proxy;rollout-proxy, old' --parts json
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
for tool in nginx haproxy wrk; do
  PATH=$PATH:/usr/sbin command -v "$tool" >/dev/null || { echo "compare: $tool: not found (expected: apt-get install nginx-light haproxy wrk)" >&2; exit 1; }
done
[ -s ../../target/rollout-proxy.jar ] || (cd ../.. && mvn -q -B -ntp -DskipTests package)
for module in ../backend bare spring; do
  [ -d "$module/target/lib" ] || mvn -q -B -ntp -f "$module/pom.xml" package
done
export PATH=$PATH:/usr/sbin
exec /usr/bin/python3 compare.py "$@"

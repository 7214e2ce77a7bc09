package com.huntaze.rollout.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.settings.Problem;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Each bad document has one problem with exactly these words; single quotes are double ones. */
class BadDocumentsTest {
  private static final String CASES =
"""
# types and ranges
{'server': {'port': 70000}} => server.port: 70000 (expected: 0..65535)
{'server': {'port': -1}} => server.port: -1 (expected: 0..65535)
{'server': {'port': '80'}} => server.port: '80' (expected: a whole number, 0..65535)
{'server': {'port': 80.5}} => server.port: 80.5 (expected: a whole number, 0..65535)
{'server': {'port': null}} => server.port: null (expected: a whole number, 0..65535)
{'server': {'port': [80]}} => server.port: a list (expected: a whole number, 0..65535)
{'server': {'port': 1e999999999}} => server.port: 1E+999999999 (expected: 0..65535)
{'server': {'port': 1e-999999999}} => server.port: 1E-999999999 (expected: a whole number, 0..65535)
{'server': {'maxBodyBytes': 99999999999999999999}} => server.maxBodyBytes: 99999999999999999999 (expected: 1..1099511627776)
{'server': {'holdBackBytes': 0}} => server.holdBackBytes: 0 (expected: 1..16777216)
{'server': {'holdJsonBytes': -5}} => server.holdJsonBytes: -5 (expected: 1..16777216)
{'server': []} => server: a list (expected: an object)
{'server': 'x'} => server: a text (expected: an object)
{'server': null} => server: null (expected: an object)
{'userKeyFields': 'user'} => userKeyFields: a text (expected: a list)
{'userKeyFields': ['']} => userKeyFields[0]: '' (expected: the name of a body field)
{'agents': ['x']} => agents: a list (expected: an object)
{'enrichUsage': 'yes'} => enrichUsage: 'yes' (expected: true or false)
{'enrichUsage': 1} => enrichUsage: 1 (expected: true or false)
{'provider': 'azure'} => provider: 'azure' (expected: foundry, legacy or canary)
{'provider': 'Canary'} => provider: 'Canary' (expected: foundry, legacy or canary)
{'provider': 3} => provider: 3 (expected: foundry, legacy or canary)
{'providers': {'foundry': {'retry': {'jitter': 0.6}}}} => providers.foundry.retry.jitter: 0.6 (expected: 0..0.5)
{'providers': {'foundry': {'retry': {'jitter': '0.1'}}}} => providers.foundry.retry.jitter: '0.1' (expected: a number, 0..0.5)
{'prices': ''} => prices: '' (expected: the path of a file)
{'health': {'costPerRequestUsd': {'limit': 0.0000000001}}} => health.costPerRequestUsd.limit: 1E-10 (expected: at most 9 decimals)
{'health': {'errorRate': {'limit': 0.00005}}} => health.errorRate.limit: 5.0E-5 (expected: at most 4 decimals)
{'health': {'errorRate': {'action': 'page'}}} => health.errorRate.action: 'page' (expected: rollback, alert or observe)
{'health': {'sequential': {'alpha': 0}}} => health.sequential.alpha: 0 (expected: 0.000001..0.5)
{'server': {'maxBodyBytes': '32'}} => server.maxBodyBytes: '32' (expected: bytes, as a whole number or with a unit such as 512KiB, 8MB or 32MiB, 1..1099511627776)
{'server': {'maxBodyBytes': '32 MiB'}} => server.maxBodyBytes: '32 MiB' (expected: bytes, as a whole number or with a unit such as 512KiB, 8MB or 32MiB, 1..1099511627776)
{'server': {'holdBackBytes': 1.5}} => server.holdBackBytes: 1.5 (expected: bytes, as a whole number or with a unit such as 512KiB, 8MB or 32MiB, 1..16777216)
{'server': {'holdBackBytes': '17MiB'}} => server.holdBackBytes: '17MiB' (expected: 1..16777216)
{'server': {'maxBodyBytes': '999999999999TiB'}} => server.maxBodyBytes: '999999999999TiB' (expected: 1..1099511627776)
{'server': {'port': '8KiB'}} => server.port: '8KiB' (expected: a whole number, 0..65535)
# durations
{'timeouts': {'stream': '15'}} => timeouts.stream: '15' (expected: a duration such as 250ms, 10s, 15m, 24h or 7d)
{'timeouts': {'stream': '1.5s'}} => timeouts.stream: '1.5s' (expected: a duration such as 250ms, 10s, 15m, 24h or 7d)
{'timeouts': {'stream': '15 m'}} => timeouts.stream: '15 m' (expected: a duration such as 250ms, 10s, 15m, 24h or 7d)
{'timeouts': {'stream': '-1s'}} => timeouts.stream: '-1s' (expected: a duration such as 250ms, 10s, 15m, 24h or 7d)
{'timeouts': {'stream': 15}} => timeouts.stream: 15 (expected: a duration such as 250ms, 10s, 15m, 24h or 7d)
{'timeouts': {'stream': '25h'}} => timeouts.stream: '25h' (expected: 10ms..24h)
{'timeouts': {'stream': '9999999999999d'}} => timeouts.stream: '9999999999999d' (expected: a duration such as 250ms, 10s, 15m, 24h or 7d)
{'metrics': {'listener': {'port': 9090}}} => metrics.listener.port: 9090 (expected: a port other than server.port and admin.port)
{'timeouts': {'toFirstContent': '10s'}} => timeouts.fallbackReserve: 20s (expected: less than toFirstContent, 10s)
# unknown keys
{'server': {'prot': 80}} => server.prot: unknown key (did you mean "port"?)
{'server': {'PORT': 80}} => server.PORT: unknown key (did you mean "port"?)
{'servr': {}} => servr: unknown key (did you mean "server"?)
{'bake': '1h'} => bake: unknown key (expected: one of server, admin, provider, providers, dns, timeouts, retryBudget, fallback, routes, userKeyFields, objects, canary, health, agents, prices, enrichUsage, usage, auth, credentials, limits, alerts, drain, tracing, metrics, accessLog, state, history, eventBus, cluster, simulate)
{'autoStart': true} => autoStart: unknown key (did you mean "canary.autoStart"?)
{'canary': {'stages': [{'phase': 'a', 'percentage': 5, 'bakes': '1h'}]}} => canary.stages[0].bakes: unknown key (did you mean "bake"?)
{'canary': {'promote': {'xyz': 1}}} => canary.promote.xyz: unknown key (expected: one of evidence, minRequests)
{'canary': {'percentage': 20}} => canary.percentage: unknown key (expected: canary.stages for the stages of a rollout; PUT /api/v1/canary/percentage or `set` for the current share)
{'percentage': 20} => percentage: unknown key (expected: canary.stages for the stages of a rollout; PUT /api/v1/canary/percentage or `set` for the current share)
{'simulate': {'percentage': 20}} => simulate.percentage: unknown key (expected: one of foundryPort, legacyPort, requestsPerSecond)
{'drain': {'a b': 1}} => drain.'a b': unknown key (expected: one of delay, timeout)
# URLs, headers, paths
{'providers': {'foundry': {'url': 'localhost:8000'}}} => providers.foundry.url: 'localhost:8000' (expected: an http:// or https:// URL without user info, query and fragment)
{'providers': {'foundry': {'url': 'ftp://h'}}} => providers.foundry.url: 'ftp://h' (expected: an http:// or https:// URL without user info, query and fragment)
{'providers': {'foundry': {'url': 'http://h:0'}}} => providers.foundry.url: 'http://h:0' (expected: an http:// or https:// URL without user info, query and fragment)
{'providers': {'legacy': {'url': 'http://user:hunter2@h'}}} => providers.legacy.url: 'http://***@h' (expected: an http:// or https:// URL without user info, query and fragment)
{'providers': {'legacy': {'url': 'http://h/?key=hunter2'}}} => providers.legacy.url: 'http://h/?key=***' (expected: an http:// or https:// URL without user info, query and fragment)
{'providers': {'foundry': {'headers': {'X-A': 'hunter2\\r\\nX-B: 1'}}}} => providers.foundry.headers.X-A: *** (expected: a header value without line breaks and control characters)
{'providers': {'foundry': {'headers': {'X A': 'hunter2'}}}} => providers.foundry.headers: key 'X A' (expected: a header name)
{'providers': {'foundry': {'headers': {'Content-Length': '3'}}}} => providers.foundry.headers.Content-Length: set (expected: a header that the proxy does not set)
{'tracing': {'headers': {'Host': 'hunter2'}}} => tracing.headers.Host: set (expected: a header that the proxy does not set)
{'tracing': {'headers': {'X A': 'hunter2'}}} => tracing.headers: key 'X A' (expected: a header name)
{'tracing': {'sampleRatio': 1.01}} => tracing.sampleRatio: 1.01 (expected: 0..1)
{'providers': {'foundry': {'headers': {'x-a': '1', 'X-A': '2'}}}} => providers.foundry.headers.X-A: set twice (expected: each header once, in any case)
{'providers': {'foundry': {'rewrites': [{'from': 'a', 'to': '/b'}]}}} => providers.foundry.rewrites[0].from: 'a' (expected: a path that begins with / and has no space, ? or #)
{'providers': {'foundry': {'rewrites': [{'from': '/a'}]}}} => providers.foundry.rewrites[0].to: missing (expected: a path that begins with / and has no space, ? or #)
{'providers': {'foundry': {'rewrites': [{'from': '/a', 'to': '/b'}, {'from': '/a', 'to': '/c'}]}}} => providers.foundry.rewrites[1].from: '/a' (expected: a prefix that no earlier rewrite has)
{'providers': {'foundry': {'probe': {'path': '/h?x'}}}} => providers.foundry.probe.path: '/h?x' (expected: a path that begins with / and has no space, ? or #)
{'routes': [{'match': '/route'}]} => routes[0].match: '/route' (expected: a method or *, a space and a path, such as POST /route, POST /teams/*/chat or * /v1/**)
{'routes': [{'match': 'POST /a*b'}]} => routes[0].match: 'POST /a*b' (expected: a method or *, a space and a path, such as POST /route, POST /teams/*/chat or * /v1/**)
{'routes': [{'match': 'POST /a'}, {'match': 'POST /a'}]} => routes[1].match: 'POST /a' (expected: a route that is not listed before)
{'server': {'trustedPeers': ['10.0.0.0/33']}} => server.trustedPeers[0]: '10.0.0.0/33' (expected: an IP address or a network such as 10.0.0.0/8)
{'dns': {'servers': ['10.0.0.2:0']}} => dns.servers[0]: '10.0.0.2:0' (expected: an IP address, and a port after a colon unless it is 53)
{'dns': {'servers': ['dns.example']}} => dns.servers[0]: 'dns.example' (expected: an IP address, and a port after a colon unless it is 53)
{'server': {'trustedPeers': ['proxy.example']}} => server.trustedPeers[0]: 'proxy.example' (expected: an IP address or a network such as 10.0.0.0/8)
# rules between values
{'server': {'replayBytesTotal': 10}} => server.replayBytesTotal: 10 (expected: at least replayBytes, 1048576)
{'server': {'tls': {'certificate': 'a.pem'}}} => server.tls.key: missing (expected: a file, because certificate is set)
{'admin': {'host': '0.0.0.0'}} => admin.host: 0.0.0.0 (expected: a loopback address, or an admin.token of at least 32 characters, or admin.tokens)
{'admin': {'host': '::', 'token': 'hunter2'}} => admin.host: :: (expected: a loopback address, or an admin.token of at least 32 characters, or admin.tokens)
{'admin': {'host': '::', 'token': 'hunter2', 'tokens': [{'name': 'a', 'sha256': 'HASH'}]}} => admin.host: :: (expected: a loopback address, or an admin.token of at least 32 characters, or admin.tokens)
{'admin': {'tokens': [{'name': 'a'}]}} => admin.tokens[0].sha256: missing (expected: either sha256 or token)
{'admin': {'tokens': [{'name': 'a', 'sha256': 'HASH', 'token': '01234567890123456789012345678901'}]}} => admin.tokens[0].sha256: set beside token (expected: either sha256 or token)
{'admin': {'tokens': [{'name': 'a', 'token': 'hunter2'}]}} => admin.tokens[0].token: *** (expected: at least 32 visible ASCII characters without spaces)
{'admin': {'tokens': [{'name': 'a', 'sha256': 'hunter2'}]}} => admin.tokens[0].sha256: *** (expected: 64 hexadecimal digits)
{'admin': {'tokens': [{'name': 'a b', 'sha256': 'HASH'}]}} => admin.tokens[0].name: 'a b' (expected: a name of at most 64 letters, digits, dots, dashes and underscores)
{'admin': {'tokens': [{'name': 'a', 'role': 'root', 'sha256': 'HASH'}]}} => admin.tokens[0].role: 'root' (expected: viewer, operator or admin)
{'admin': {'tokens': [{'name': 'a', 'sha256': 'HASH'}, {'name': 'b', 'sha256': 'HASH'}]}} => admin.tokens[1].sha256: *** (expected: a token that is not listed before)
{'admin': {'tokens': [{'name': 'a', 'token': '01234567890123456789012345678901'}, {'name': 'b', 'sha256': '861009ec4d599fab1f40abc76e6f89880cff5833c79c548c99f9045f191cd90b'}]}} => admin.tokens[1].sha256: *** (expected: a token that is not listed before)
{'admin': {'token': '01234567890123456789012345678901', 'tokens': [{'name': 'b', 'sha256': '861009ec4d599fab1f40abc76e6f89880cff5833c79c548c99f9045f191cd90b'}]}} => admin.tokens[0].sha256: *** (expected: another token than admin.token)
{'admin': {'tokens': [{'name': 'api', 'sha256': 'HASH'}]}} => admin.tokens[0].name: api (expected: another name: it is that of admin.token in audit and alerts)
{'metrics': {'listener': {'host': '0.0.0.0'}}} => metrics.listener.host: 0.0.0.0 (expected: a loopback address, or an admin.token of at least 32 characters, or admin.tokens)
{'admin': {'identity': {}}} => admin.identity.peers: missing (expected: a list)
{'admin': {'identity': {'peers': []}}} => admin.identity.peers: a list of 0 (expected: at least 1)
{'admin': {'identity': {'peers': ['10.0.0.0/33']}}} => admin.identity.peers[0]: '10.0.0.0/33' (expected: an IP address or a network such as 10.0.0.0/8)
{'admin': {'identity': {'peers': ['::1'], 'header': 'a b'}}} => admin.identity.header: 'a b' (expected: a header name)
{'admin': {'identity': {'peers': ['::1'], 'roles': {'a b': 'admin'}}}} => admin.identity.roles: key 'a b' (expected: a name of at most 128 letters, digits and . _ @ + -, such as alice@example.com)
{'admin': {'identity': {'peers': ['::1'], 'roles': {'alice': 'root'}}}} => admin.identity.roles.alice: 'root' (expected: viewer, operator or admin)
{'admin': {'token': 'hunter 2'}} => admin.token: *** (expected: visible ASCII characters without spaces)
{'admin': {'port': 8080}} => admin.port: 8080 (expected: a port other than server.port)
{'canary': {'stages': []}} => canary.stages: a list of 0 (expected: at least 1)
{'canary': {'stages': [{'phase': 'a', 'percentage': 0}]}} => canary.stages[0].percentage: 0 (expected: 1..100)
{'canary': {'stages': [{'phase': 'a', 'percentage': 9, 'bake': '1h'}, {'phase': 'b', 'percentage': 9}]}} => canary.stages[1].percentage: 9 (expected: more than the 9 of the stage before)
{'canary': {'stages': [{'phase': 'a', 'percentage': 9}, {'phase': 'b', 'percentage': 10}]}} => canary.stages[0].bake: missing (expected: a duration, on every stage but the last)
{'canary': {'stages': [{'phase': 'initial', 'percentage': 9}]}} => canary.stages[0].phase: 'initial' (expected: another name than initial and rollback)
{'canary': {'stages': [{'phase': 'a', 'percentage': 9, 'bake': '1h'}, {'phase': 'a', 'percentage': 10}]}} => canary.stages[1].phase: 'a' (expected: a name that no earlier stage has)
{'canary': {'stages': [{'phase': 'Ten', 'percentage': 9}]}} => canary.stages[0].phase: 'Ten' (expected: a lower-case word of at most 32 letters, digits and underscores)
{'canary': {'stages': [{'phase': 'a'}]}} => canary.stages[0].percentage: missing (expected: a whole number, 1..100)
{'agents': {'a': {'requestTypes': ['x']}, 'b': {'requestTypes': ['y', 'x']}}} => agents.b.requestTypes[1]: 'x' (expected: a type that agent a has not)
{'agents': {'a': {'requestTypes': []}}} => agents.a.requestTypes: a list of 0 (expected: at least 1)
{'agents': {'A': {'requestTypes': ['x']}}} => agents: key 'A' (expected: a lower-case word of at most 32 letters, digits and underscores)
{'auth': {'required': true}} => auth.keys: [] (expected: at least one key, because required is true)
{'auth': {'keys': [{'id': 'web', 'sha256': 'abc'}]}} => auth.keys[0].sha256: *** (expected: 64 hexadecimal digits)
{'auth': {'keys': [{'id': 'a', 'sha256': 'HASH'}, {'id': 'a', 'sha256': 'HASG'}]}} => auth.keys[1].id: 'a' (expected: an id that no earlier key has)
{'auth': {'keys': [{'id': 'a', 'sha256': 'HASH'}, {'id': 'b', 'sha256': 'HASH'}]}} => auth.keys[1].sha256: repeated (expected: a hash that no earlier key has)
{'alerts': {'channels': [{'type': 'slack'}]}} => alerts.channels[0].url: missing (expected: a value, for type slack)
{'alerts': {'channels': [{'type': 'log', 'url': 'https://h/hunter2'}]}} => alerts.channels[0].url: set (expected: no such key for type log)
{'alerts': {'channels': [{'type': 'webhook', 'url': 'hunter2'}]}} => alerts.channels[0].url: *** (expected: an http:// or https:// URL)
{'alerts': {'channels': [{'type': 'webhook', 'url': 'https://u:hunter2@h/'}]}} => alerts.channels[0].url: *** (expected: an http:// or https:// URL with a host and without user info)
{'alerts': {'channels': [{'type': 'webhook', 'url': 'https://h/', 'secret': 'whsec_hunter2!'}]}} => alerts.channels[0].secret: *** (expected: base64 with a key in it after whsec_)
{'alerts': {'channels': [{'type': 'pager'}]}} => alerts.channels[0].type: 'pager' (expected: log, slack, webhook, teams, pagerduty, opsgenie or email)
{'alerts': {'channels': [{'type': 'pagerduty'}]}} => alerts.channels[0].key: missing (expected: a value, for type pagerduty)
{'alerts': {'channels': [{'type': 'opsgenie', 'key': 'hunter2 3'}]}} => alerts.channels[0].key: *** (expected: letters, digits, dots, lines)
{'alerts': {'channels': [{'type': 'teams', 'url': 'https://h/', 'key': 'hunter2'}]}} => alerts.channels[0].key: set (expected: no such key for type teams)
{'alerts': {'environment': 'a\\nb'}} => alerts.environment: 'a\\u000ab' (expected: up to 63 letters, digits, spaces, dots, lines)
{'alerts': {'links': {'dashboard': 'https://u:p@h/'}}} => alerts.links.dashboard: 'https://***@h/' (expected: an http:// or https:// URL without user info, query and fragment: commands add paths to it)
{'alerts': {'links': {'dashboard': 'https://h/#range=24h'}}} => alerts.links.dashboard: 'https://h/#range=***' (expected: an http:// or https:// URL without user info, query and fragment: commands add paths to it)
{'alerts': {'links': {'trace': 'https://traces.example/'}}} => alerts.links.trace: 'https://traces.example/' (expected: an http:// or https:// URL without user info, and {trace_id} after its host)
{'alerts': {'links': {'trace': 'javascript:alert(1)//{trace_id}'}}} => alerts.links.trace: 'javascript:alert(1)//{trace_id}' (expected: an http:// or https:// URL without user info, and {trace_id} after its host)
{'alerts': {'links': {'trace': 'https://{trace_id}.example/'}}} => alerts.links.trace: 'https://{trace_id}.example/' (expected: an http:// or https:// URL without user info, and {trace_id} after its host)
{'alerts': {'links': {'trace': 'https://u:p@h/{trace_id}'}}} => alerts.links.trace: 'https://***@h/{trace_id}' (expected: an http:// or https:// URL without user info, and {trace_id} after its host)
{'alerts': {'links': {'trace': 'https://h/{trace_id}<b>'}}} => alerts.links.trace: 'https://h/{trace_id}<b>' (expected: an http:// or https:// URL without user info, and {trace_id} after its host)
{'alerts': {'channels': [{'type': 'email', 'host': 'h', 'from': 'a@b', 'to': ['c@d\\nBcc: e@f']}]}} => alerts.channels[0].to[0]: 'c@d\\u000aBcc: e@f' (expected: a mail address such as ops@example.com)
{'alerts': {'channels': [{'type': 'email', 'host': 'h', 'from': 'a@b', 'to': ['c@d'], 'username': 'u'}]}} => alerts.channels[0].password: missing (expected: username and password, or neither)
{'cluster': {}} => cluster.discovery: missing (expected: either static, with an address, or dns)
{'cluster': {'discovery': {'static': ['10.0.0.5:7800'], 'dns': 'proxies'}}} => cluster.discovery: static and dns (expected: either static, with an address, or dns)
{'cluster': {'discovery': {'static': ['10.0.0.5']}}} => cluster.discovery.static[0]: '10.0.0.5' (expected: a host and a port with a colon between them)
{'cluster': {'discovery': {'static': ['[::1]:70000']}}} => cluster.discovery.static[0]: '[::1]:70000' (expected: a port, 1..65535)
{'cluster': {'discovery': {'dns': 'proxies'}, 'lease': 'etcd'}} => cluster.lease: 'etcd' (expected: directory or raft)
{'cluster': {'discovery': {'dns': 'proxies'}, 'lease': 'raft', 'member': 'a'}} => cluster.voters: 0 of them (expected: 3 or 5, for the lease raft)
{'cluster': {'discovery': {'dns': 'proxies'}, 'lease': 'raft', 'member': 'a', 'voters': ['a']}} => cluster.voters: 1 of them (expected: 3 or 5, for the lease raft)
{'cluster': {'discovery': {'dns': 'proxies'}, 'lease': 'raft', 'member': 'a', 'voters': ['a', 'b']}} => cluster.voters: 2 of them (expected: 3 or 5, for the lease raft)
{'cluster': {'discovery': {'dns': 'proxies'}, 'lease': 'raft', 'member': 'a', 'voters': ['a', 'b', 'c', 'd']}} => cluster.voters: 4 of them (expected: 3 or 5, for the lease raft)
{'cluster': {'discovery': {'dns': 'proxies'}, 'lease': 'raft', 'member': 'a', 'voters': ['a', 'b', 'a']}} => cluster.voters[2]: 'a' (expected: each of them once)
{'cluster': {'discovery': {'dns': 'proxies'}, 'lease': 'raft', 'voters': ['a', 'b', 'c']}} => cluster.member: missing (expected: the name of this member, for the lease raft)
{'cluster': {'discovery': {'dns': 'proxies'}, 'voters': ['a', 'b', 'c']}} => cluster.voters: 3 of them (expected: none, for the lease directory)
{'cluster': {'discovery': {'dns': 'proxies'}, 'bind': '10.0.0.5'}} => cluster.tls: null (expected: certificate, key and ca, because cluster.bind 10.0.0.5 is reached by others)
{'cluster': {'discovery': {'dns': 'proxies'}, 'bind': '10.0.0.0/16'}} => cluster.tls: null (expected: certificate, key and ca, because cluster.bind 10.0.0.0/16 is reached by others)
{'cluster': {'discovery': {'dns': 'proxies'}, 'bind': '127.0.0.0/4'}} => cluster.tls: null (expected: certificate, key and ca, because cluster.bind 127.0.0.0/4 is reached by others)
{'cluster': {'discovery': {'dns': 'proxies'}, 'bind': '10.0.0.0/33'}} => cluster.bind: "10.0.0.0/33" (expected: a host name, an IP address or a network such as 10.0.0.0/16)
{'cluster': {'discovery': {'dns': 'proxies'}, 'bind': 'replica/24'}} => cluster.bind: "replica/24" (expected: a host name, an IP address or a network such as 10.0.0.0/16)
{'cluster': {'discovery': {'dns': 'proxies'}, 'bind': 'replica-1'}} => cluster.tls: null (expected: certificate, key and ca, because cluster.bind replica-1 is reached by others)
{'cluster': {'discovery': {'dns': 'proxies'}, 'bind': '0.0.0.0', 'tls': {'certificate': 'a', 'key': 'b', 'ca': 'c'}}} => cluster.bind: '0.0.0.0' (expected: the one address that the other replicas reach)
{'cluster': {'discovery': {'dns': 'proxies'}, 'tls': {'certificate': 'a', 'key': 'b'}}} => cluster.tls.ca: missing (expected: the authority that signs all members)
{'cluster': {'discovery': {'dns': 'proxies'}, 'tls': {'ca': 'c'}}} => cluster.tls.certificate: missing (expected: a file, because members show one each)
{'history': {'maxBytes': -1}} => history.maxBytes: -1 (expected: 0..1099511627776)
{'cluster': {'discovery': {'dns': 'proxies'}}, 'state': {'dir': ''}} => state.dir: '' (expected: the directory that all members of the cluster share)
{'cluster': {'discovery': {'dns': 'proxies'}, 'port': 9090}} => cluster.port: 9090 (expected: a port other than server.port and admin.port)
{'simulate': {'foundryPort': 5, 'legacyPort': 5}} => simulate.legacyPort: 5 (expected: a port other than foundryPort)
{'accessLog': {'share': 1.5}} => accessLog.share: 1.5 (expected: 0..1)
{'usage': {'inStreams': 'never'}} => usage.inStreams: 'never' (expected: asked or always)
{'usage': {'inStreams': 'always', 'requestInStreams': false}} => usage.inStreams: 'always' (expected: 'asked', because requestInStreams is false)
{'usage': {'comment': 'yes'}} => usage.comment: 'yes' (expected: true or false)
{'providers': {'foundry': {'deployments': {'m': {}}}}} => providers.foundry.deployments.m: {} (expected: a deployment, a region or both)
{'providers': {'foundry': {'deployments': {'m': {'region': 'a\\r\\nb'}}}}} => providers.foundry.deployments.m.region: 'a\\u000d\\u000ab' (expected: the name of a region: letters, digits, . _ : / @ + - and spaces)
{'providers': {'foundry': {'deployments': {'m': {'deplyoment': 'x', 'region': 'r'}}}}} => providers.foundry.deployments.m.deplyoment: unknown key (did you mean "deployment"?)
# the document itself
[] => conf/x.json: a list (expected: a JSON object)
null => conf/x.json: null (expected: a JSON object)
{'server': {'port': 1, 'port': 2}} => conf/x.json: line 1, column 30: duplicate key 'port'
{} {} => conf/x.json: line 1, column 4: something follows the document
{'server': NaN} => conf/x.json: line 1, column 15: NaN and Infinity are not JSON
{'server': => conf/x.json: line 1, column 11: the document ends too early
// x => conf/x.json: line 1, column 1: comments are not JSON
{'server': hunter2} => conf/x.json: line 1, column 12: not valid JSON: a word without double quotes
""";

  private static String prepared(String text) {
    return text.replace("HASH", "ab".repeat(32))
        .replace("HASG", "cd".repeat(32))
        .replace('\'', '"');
  }

  @TestFactory
  Stream<DynamicTest> eachBadDocumentHasItsSentence() {
    return CASES
        .lines()
        .filter(line -> !line.isBlank() && !line.startsWith("#"))
        .map(
            line -> {
              String[] parts = line.split(" ?=> ?", 2);
              return DynamicTest.dynamicTest(
                  line,
                  () ->
                      assertThat(Documents.problems(prepared(parts[0])))
                          .containsExactly(prepared(parts[1])));
            });
  }

  @Test
  void reportsEveryProblemAtOnce() {
    String document =
        "{'server': {'port': 70000, 'prot': 1, 'trustedPeers': ['x', '10.0.0.1', 'y']},"
            + " 'admin': {'host': '0.0.0.0'}, 'timeouts': {'toFirstContent': '5s'},"
            + " 'canary': {'stages': [{'phase': 'a', 'percentage': 500}]}}";

    assertThat(
            Documents.problems(
                document, Map.of("AI_PROVIDER", "azure"), new Flags("x", null, null, "101")))
        .containsExactly(
            "AI_PROVIDER: \"azure\" (expected: foundry, legacy or canary)",
            "--port: \"x\" (expected: a whole number, 0..65535)",
            "--canary: 101 (expected: a whole number, 0..100)",
            "server.prot: unknown key (did you mean \"port\"?)",
            "server.port: 70000 (expected: 0..65535)",
            "server.trustedPeers[0]: \"x\" (expected: an IP address or a network such as 10.0.0.0/8)",
            "server.trustedPeers[2]: \"y\" (expected: an IP address or a network such as 10.0.0.0/8)",
            "admin.host: 0.0.0.0 (expected: a loopback address, or an admin.token of at least 32"
                + " characters, or admin.tokens)",
            "timeouts.fallbackReserve: 20s (expected: less than toFirstContent, 5s)",
            "canary.stages[0].percentage: 500 (expected: 1..100)");
  }

  @Test
  void aValueThatFailedIsNotHeldAgainstItsNeighbours() {
    assertThat(Documents.problems("{'timeouts': {'toFirstContent': '1s', 'fallbackReserve': 'x'}}"))
        .containsExactly(
            "timeouts.fallbackReserve: \"x\" (expected: a duration such as 250ms, 10s, 15m, 24h or"
                + " 7d)");
  }

  @Test
  void theMessageListsTheProblems() {
    ConfigException refused = new ConfigException(problemsOf("{'a': 1, 'provider': 'x'}"));

    assertThat(refused.getMessage().lines())
        .hasSize(3)
        .first()
        .isEqualTo("The configuration is refused, 2 problems:");
    assertThat(refused.getMessage())
        .contains("\n  provider: \"x\" (expected: foundry, legacy or canary)");
  }

  private static List<Problem> problemsOf(String document) {
    try {
      Documents.read(document);
      return List.of();
    } catch (ConfigException e) {
      return e.problems();
    }
  }
}

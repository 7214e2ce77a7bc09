package com.huntaze.rollout.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.huntaze.rollout.config.SettingType.ObjectOf;
import com.huntaze.rollout.config.SettingType.Property;
import com.huntaze.rollout.judge.window.Metric;
import com.huntaze.rollout.simulate.SimulateSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DefaultsTest {
  private static final Path FILE = Path.of("conf/proxy.json");

  @Test
  void theCommittedFileBindsToTheDefaults() throws IOException {
    Loaded committed = Documents.readRaw(Files.readString(FILE), Map.of(), Flags.NONE);

    assertThat(committed.settings()).isEqualTo(Documents.read("{}").settings());
  }

  @Test
  void theCommittedFileNamesEveryKey() throws IOException {
    JsonNode file = JsonMapper.builder().build().readTree(Files.readString(FILE));
    List<String> missing = new ArrayList<>();
    collectMissing(SettingModel.ROOT, file, "", missing);

    // legacy has foundry's defaults, and so the file shows only where it differs.
    assertThat(missing).allMatch(path -> path.startsWith("providers.legacy."));
  }

  private static void collectMissing(
      ObjectOf type, JsonNode node, String prefix, List<String> missing) {
    for (Property property : type.properties()) {
      String path = prefix + property.key();
      JsonNode value = node.get(property.key());
      if (value == null) {
        missing.add(path);
      } else if (property.type() instanceof ObjectOf inner && value.isObject()) {
        collectMissing(inner, value, path + ".", missing);
      }
    }
  }

  @Test
  void everyKeyHasTheDefaultOfTheDesign() {
    List<String> rows = new ArrayList<>();
    collectDefaults(SettingModel.ROOT, "", rows);
    rows.removeIf(DefaultsTest::isOfLaterMetric);

    assertThat(String.join("\n", rows)).isEqualTo(DEFAULTS.strip());
  }

  /** The defaults of a metric that the design did not have are held by the metric's own test. */
  private static boolean isOfLaterMetric(String row) {
    return Stream.of(Metric.values())
        .map(metric -> "health." + metric.settingKey() + ".")
        .anyMatch(key -> row.startsWith(key) && !DEFAULTS.contains(key));
  }

  private static void collectDefaults(ObjectOf type, String prefix, List<String> rows) {
    for (Property property : type.properties()) {
      String path = prefix + property.key();
      if (property.type() instanceof ObjectOf inner && !property.nullable()) {
        collectDefaults(inner, path + ".", rows);
      } else {
        rows.add(path + " " + property.fallback().toString().replace('"', '\''));
      }
    }
  }

  @Test
  void everyValueOfTheDefaultsHasTheSourceDefault() {
    Map<String, Source> sources = Documents.read("{}").sources();

    assertThat(sources.values()).containsOnly(Source.DEFAULT);
    assertThat(sources)
        .containsKeys(
            "server.port",
            "providers.legacy.pool.maxConnections",
            "providers.foundry.headers.X-API-Key",
            "providers.legacy.headers",
            "canary.stages[1].bake",
            "agents.sales.path",
            "userKeyFields",
            "simulate");
  }

  @Test
  void legacyDiffersFromFoundryByUrlAndHeadersAlone() {
    ProvidersSettings providers = Documents.read("{}").settings().providers();

    assertThat(providers.legacy().upstream().headers()).isEmpty();
    assertThat(providers.legacy().upstream().url()).hasToString("http://127.0.0.1:8001");
    assertThat(providers.foundry().upstream().url()).hasToString("http://127.0.0.1:8000");
    assertThat(providers.legacy().retry()).isEqualTo(providers.foundry().retry());
    assertThat(providers.legacy().circuitBreaker()).isEqualTo(providers.foundry().circuitBreaker());
    assertThat(providers.legacy().probe()).isEqualTo(providers.foundry().probe());
    assertThat(providers.legacy().upstream().idle())
        .isEqualTo(providers.foundry().upstream().idle())
        .isEqualTo(Duration.ofSeconds(60));
  }

  @Test
  void theDemoIsAShortRolloutInATemporaryDirectory() throws IOException {
    Settings demo =
        Documents.readRaw(Files.readString(Path.of("conf/demo.json")), Map.of(), Flags.NONE)
            .settings();

    assertThat(demo.simulate()).isEqualTo(new SimulateSettings(18000, 18001, 40));
    assertThat(demo.canary().autoStart()).isTrue();
    assertThat(demo.canary().stages().get(0).bake()).isEqualTo(Duration.ofSeconds(15));
    assertThat(demo.state().dir()).isEmpty();
    assertThat(demo.server().host()).isEqualTo("127.0.0.1");
  }

  private static final String DEFAULTS =
"""
server.host '0.0.0.0'
server.port 8080
server.eventLoops 0
server.maxInFlight 20000
server.maxConnections 50000
server.maxBodyBytes 33554432
server.maxHeaderBytes 32768
server.maxHeaderFields 200
server.headerTimeout '10s'
server.replayBytes 1048576
server.replayBytesTotal 268435456
server.bufferBytesTotal 0
server.writeTimeout '60s'
server.holdBackBytes 65536
server.holdBack '2s'
server.holdJsonBytes 262144
server.trustedPeers []
server.cors.origins []
server.tls null
admin.host '127.0.0.1'
admin.port 9090
admin.token '${ADMIN_TOKEN:}'
admin.tokens []
admin.identity null
admin.allowedHosts ['localhost','127.0.0.1']
admin.tls null
provider 'canary'
providers.foundry.url 'http://127.0.0.1:8000'
providers.foundry.headers {'X-API-Key':'${AI_ROUTER_API_KEY:}'}
providers.foundry.rewrites []
providers.foundry.models {}
providers.foundry.deployments {}
providers.foundry.connect '1s'
providers.foundry.idle '60s'
providers.foundry.pool.maxConnections 2048
providers.foundry.requestUsageInStreams true
providers.foundry.tls null
providers.foundry.token null
providers.foundry.retry.max 3
providers.foundry.retry.delay '250ms'
providers.foundry.retry.factor 2
providers.foundry.retry.jitter 0.1
providers.foundry.circuitBreaker.maxFailures 5
providers.foundry.circuitBreaker.resetTimeout '30s'
providers.foundry.circuitBreaker.trials 'single'
providers.foundry.probe.path '/health'
providers.foundry.probe.interval '1s'
providers.foundry.probe.timeout '1s'
providers.foundry.probe.failures 2
providers.legacy.url 'http://127.0.0.1:8001'
providers.legacy.headers {}
providers.legacy.rewrites []
providers.legacy.models {}
providers.legacy.deployments {}
providers.legacy.connect '1s'
providers.legacy.idle '60s'
providers.legacy.pool.maxConnections 2048
providers.legacy.requestUsageInStreams true
providers.legacy.tls null
providers.legacy.token null
providers.legacy.retry.max 3
providers.legacy.retry.delay '250ms'
providers.legacy.retry.factor 2
providers.legacy.retry.jitter 0.1
providers.legacy.circuitBreaker.maxFailures 5
providers.legacy.circuitBreaker.resetTimeout '30s'
providers.legacy.circuitBreaker.trials 'single'
providers.legacy.probe.path '/health'
providers.legacy.probe.interval '1s'
providers.legacy.probe.timeout '1s'
providers.legacy.probe.failures 2
dns.servers []
timeouts.toFirstContent '55s'
timeouts.fallbackReserve '20s'
timeouts.stream '15m'
retryBudget.ratio 0.2
retryBudget.perSecond 10
fallback.enabled true
routes [{'match':'POST /route','replay':'safe','judged':true}]
userKeyFields ['user','creatorId','safety_identifier','metadata.user_id','prompt_cache_key']
objects.afterRollback 'serve'
canary.autoStart false
canary.salt 'rollout'
canary.stages [{'phase':'canary_10','percentage':10,'bake':'24h'},{'phase':'canary_50','percentage':50,'bake':'48h'},{'phase':'full','percentage':100}]
canary.warmup '0s'
canary.promote.evidence true
canary.promote.minRequests 300
health.window '5m'
health.minRequests 2000
health.evaluateEvery '1s'
health.staleAfter '5s'
health.noDataAfter '10m'
health.errorRate.limit 0.05
health.errorRate.action 'rollback'
health.latencyP95.limit '5s'
health.latencyP95.action 'rollback'
health.costPerRequestUsd.limit 0.1
health.costPerRequestUsd.action 'rollback'
health.plain.confirm false
health.sequential.enabled true
health.sequential.alpha 0.01
health.sequential.floor.requests 10
health.sequential.floor.keys 3
health.baseline.action 'alert'
health.baseline.ratio 1.5
health.baseline.margin 0.01
agents {'messaging':{'requestTypes':['fan_message'],'typeHint':'chat'},'analytics':{'requestTypes':['analyze_performance'],'typeHint':'math'},'sales':{'requestTypes':['optimize_sales'],'typeHint':'creative'},'compliance':{'requestTypes':['compliance_check'],'typeHint':'chat'}}
prices 'prices.json'
enrichUsage true
usage.identity true
usage.requestInStreams true
usage.inStreams 'asked'
usage.comment false
auth.required false
auth.open false
auth.keys []
auth.clientKeys null
credentials.foundry ['Authorization','X-API-Key','api-key','Ocp-Apim-Subscription-Key','x-goog-api-key','anthropic-api-key','x-ms-*key*','x-ms-*token*','x-ms-*auth*','x-ms-client-principal*']
credentials.legacy ['Cookie']
credentials.query ['key','api-key','subscription-key']
credentials.dropped ['X-Original-URL','X-Rewrite-URL','X-HTTP-Method-Override','X-HTTP-Method','X-Method-Override']
limits.perKeyPerSecond 0
limits.burst 0
alerts.channels [{'type':'log','minSeverity':'warning'}]
alerts.environment null
alerts.links.dashboard null
alerts.links.runbook null
alerts.links.trace null
alerts.cooldown '5m'
drain.delay '5s'
drain.timeout '110s'
tracing.otlpEndpoint null
tracing.sampleRatio 1
tracing.headers {}
metrics.vertx []
metrics.listener null
metrics.openTelemetry false
accessLog.enabled true
accessLog.share 1
accessLog.queue 65536
accessLog.clientAddress true
state.dir 'data'
history.maxBytes 67108864
eventBus.prefix ''
cluster null
simulate null
""";
}

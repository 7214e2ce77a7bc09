package com.huntaze.rollout.config;

import com.huntaze.rollout.address.DnsSettings;
import com.huntaze.rollout.admin.AdminSettings;
import com.huntaze.rollout.admission.AuthSettings;
import com.huntaze.rollout.admission.DrainSettings;
import com.huntaze.rollout.admission.LimitSettings;
import com.huntaze.rollout.alert.AlertSettings;
import com.huntaze.rollout.bus.EventBusSettings;
import com.huntaze.rollout.canary.CanarySettings;
import com.huntaze.rollout.cluster.ClusterSettings;
import com.huntaze.rollout.cost.UsageSettings;
import com.huntaze.rollout.failover.FallbackSettings;
import com.huntaze.rollout.failover.RetryBudgetSettings;
import com.huntaze.rollout.health.HealthSettings;
import com.huntaze.rollout.history.HistorySettings;
import com.huntaze.rollout.http.ServerSettings;
import com.huntaze.rollout.provider.AgentSettings;
import com.huntaze.rollout.provider.ProviderMode;
import com.huntaze.rollout.proxy.TimeoutSettings;
import com.huntaze.rollout.request.ObjectSettings;
import com.huntaze.rollout.route.RouteSettings;
import com.huntaze.rollout.settings.Checked;
import com.huntaze.rollout.settings.Forms;
import com.huntaze.rollout.settings.IpAddresses;
import com.huntaze.rollout.settings.ListenerSettings;
import com.huntaze.rollout.settings.Problem;
import com.huntaze.rollout.settings.Setting;
import com.huntaze.rollout.simulate.SimulateSettings;
import com.huntaze.rollout.store.StateSettings;
import com.huntaze.rollout.telemetry.AccessLogSettings;
import com.huntaze.rollout.telemetry.MetricsSettings;
import com.huntaze.rollout.telemetry.TracingSettings;
import com.huntaze.rollout.upstream.CredentialSettings;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The whole configuration, one component per top-level key. {@code docs/configuration.md} is made
 * from these records.
 *
 * @param server the data port
 * @param admin the admin port
 * @param provider where requests go
 * @param providers both providers
 * @param dns how the providers' names become addresses
 * @param timeouts the deadlines of a request
 * @param retryBudget how many retries the process may send
 * @param fallback whether legacy takes over a failed request
 * @param routes what may be done with which request; the built-in routes come after these
 * @param userKeyFields the body fields that may hold the user key
 * @param objects requests about objects that one provider alone has
 * @param canary the rollout
 * @param health what is healthy
 * @param agents the agents by name, in the order of the file
 * @param prices the price file, relative to the configuration file
 * @param enrichUsage whether answers are told their cost
 * @param usage how token usage is made readable
 * @param auth who may call
 * @param credentials which provider a client's own credentials belong to
 * @param limits how fast a client may call
 * @param alerts who is told of what
 * @param drain how the process ends
 * @param tracing tracing over OTLP
 * @param metrics the metrics of the process
 * @param accessLog one line per request
 * @param state where the rollout's state is kept
 * @param history the history of the charts
 * @param eventBus the proxy on the event bus of its Vert.x
 * @param cluster replicas that are one rollout, or null
 * @param simulate simulated providers and traffic, or null
 */
public record Settings(
    @Setting("The data port.") ServerSettings server,
    @Setting("The admin port.") AdminSettings admin,
    @Setting(
            value =
                "Where requests go: all to `foundry`, all to `legacy`, or split by the `canary`.",
            byDefault = "'canary'")
        ProviderMode provider,
    @Setting("Both providers.") ProvidersSettings providers,
    @Setting("How the providers' names become addresses.") DnsSettings dns,
    @Setting(value = "The deadlines of a request, all attempts included.") TimeoutSettings timeouts,
    @Setting(value = "How many retries the process may send: the larger of both.")
        RetryBudgetSettings retryBudget,
    @Setting(value = "Failover to legacy.") FallbackSettings fallback,
    @Setting(
            value =
                "What may be done with which request. A path without stars goes before a pattern, and"
                    + " of two patterns the one with more characters before its first star; the"
                    + " built-in routes come after all of these.",
            byDefault = "[{'match': 'POST /route', 'replay': 'safe', 'judged': true}]")
        List<RouteSettings> routes,
    @Setting(
            value =
                "The body fields that may hold the user key, the first that is there wins; `a.b` is"
                    + " the field b of the object a.",
            byDefault =
                "['user', 'creatorId', 'safety_identifier', 'metadata.user_id',"
                    + " 'prompt_cache_key']",
            pattern = "^[A-Za-z_][A-Za-z0-9_-]{0,63}(\\.[A-Za-z_][A-Za-z0-9_-]{0,63})?$",
            expected = "the name of a body field")
        List<String> userKeyFields,
    @Setting("Objects that a provider keeps, such as files and conversations.")
        ObjectSettings objects,
    @Setting("The rollout.") CanarySettings canary,
    @Setting("What is healthy, and how it is judged.") HealthSettings health,
    @Setting(
            value = "The agents by name. The file's object replaces the default one.",
            byDefault =
                "{'messaging': {'requestTypes': ['fan_message'], 'typeHint': 'chat'},"
                    + " 'analytics': {'requestTypes': ['analyze_performance'], 'typeHint': 'math'},"
                    + " 'sales': {'requestTypes': ['optimize_sales'], 'typeHint': 'creative'},"
                    + " 'compliance': {'requestTypes': ['compliance_check'], 'typeHint': 'chat'}}",
            keyPattern = Forms.WORD,
            keyExpected = Forms.WORD_WORDS)
        Map<String, AgentSettings> agents,
    @Setting(
            value =
                "The price file, relative to the configuration file. Without the default one no"
                    + " price is known, and so no cost.",
            byDefault = "'prices.json'",
            pattern = Forms.FILE,
            expected = Forms.FILE_WORDS)
        String prices,
    @Setting(
            value =
                "Whether `usage` in an answer gains model, deployment, region and cost; off leaves"
                    + " answers byte for byte as they are.",
            byDefault = "true")
        boolean enrichUsage,
    @Setting(value = "How token usage is made readable.") UsageSettings usage,
    @Setting(value = "Who may call.") AuthSettings auth,
    @Setting("Which provider a client's own credentials belong to.") CredentialSettings credentials,
    @Setting(value = "How fast a client may call.") LimitSettings limits,
    @Setting("Who is told of what.") AlertSettings alerts,
    @Setting(value = "How the process ends.") DrainSettings drain,
    @Setting("Tracing over OTLP.") TracingSettings tracing,
    @Setting("The metrics of the process.") MetricsSettings metrics,
    @Setting(value = "One line per request.") AccessLogSettings accessLog,
    @Setting("Where the rollout's state is kept.") StateSettings state,
    @Setting("The history that the dashboard's charts go back to.") HistorySettings history,
    @Setting("The proxy on the event bus of its Vert.x.") EventBusSettings eventBus,
    @Setting(
            value =
                "Replicas that are one rollout; null is a replica by itself, which opens no port"
                    + " for others.",
            byDefault = "null")
        ClusterSettings cluster,
    @Setting(
            value = "Starts simulated providers and traffic; null starts none.",
            byDefault = "null")
        SimulateSettings simulate)
    implements Checked {

  /** Copies lists and maps, so that the record never changes. */
  public Settings {
    routes = List.copyOf(routes);
    userKeyFields = List.copyOf(userKeyFields);
    agents = Collections.unmodifiableMap(new LinkedHashMap<>(agents));
  }

  @Override
  public List<Problem> check() {
    List<Problem> problems = new ArrayList<>();
    checkPorts(problems);
    checkListener(problems);
    checkRoutes(problems);
    checkAgents(problems);
    checkCluster(problems);
    OpenDoor.check(this).ifPresent(problems::add);
    return problems;
  }

  private void checkPorts(List<Problem> problems) {
    boolean same = admin.port() != 0 && admin.port() == server.port();
    boolean overlap =
        admin.host().equals(server.host())
            || IpAddresses.isWildcard(admin.host())
            || IpAddresses.isWildcard(server.host());
    if (same && overlap) {
      String value = Integer.toString(admin.port());
      problems.add(new Problem("admin.port", value, "a port other than server.port"));
    }
  }

  private void checkListener(List<Problem> problems) {
    ListenerSettings listener = metrics.listener();
    if (listener == null) {
      return;
    }
    admin.checkListener("metrics.listener.host", listener.host()).ifPresent(problems::add);
    if (listener.port() == 0) {
      return;
    }
    if (listener.port() == server.port() || listener.port() == admin.port()) {
      problems.add(
          new Problem(
              "metrics.listener.port",
              Integer.toString(listener.port()),
              "a port other than server.port and admin.port"));
    }
  }

  private void checkCluster(List<Problem> problems) {
    if (cluster == null) {
      return;
    }
    if (state.dir().isEmpty()) {
      String whose =
          cluster.voters().isEmpty()
              ? "the directory that all members of the cluster share"
              : "a directory of this member's own";
      problems.add(new Problem("state.dir", "\"\"", whose));
    }
    if (cluster.port() == server.port() || cluster.port() == admin.port()) {
      problems.add(
          new Problem(
              "cluster.port",
              Integer.toString(cluster.port()),
              "a port other than server.port and admin.port"));
    }
  }

  private void checkRoutes(List<Problem> problems) {
    Set<String> matches = new HashSet<>();
    for (int i = 0; i < routes.size(); i++) {
      String match = routes.get(i).match();
      if (!matches.add(match)) {
        String path = "routes[" + i + "].match";
        problems.add(new Problem(path, '"' + match + '"', "a route that is not listed before"));
      }
    }
  }

  private void checkAgents(List<Problem> problems) {
    Map<String, String> owners = new LinkedHashMap<>();
    agents.forEach(
        (name, agent) -> {
          for (int i = 0; i < agent.requestTypes().size(); i++) {
            String type = agent.requestTypes().get(i);
            String owner = owners.putIfAbsent(type, name);
            if (owner != null) {
              String path = "agents." + name + ".requestTypes[" + i + "]";
              problems.add(
                  new Problem(path, '"' + type + '"', "a type that agent " + owner + " has not"));
            }
          }
        });
  }

  /** The same settings with another rollout. */
  Settings withCanary(CanarySettings other) {
    return new Settings(
        server,
        admin,
        provider,
        providers,
        dns,
        timeouts,
        retryBudget,
        fallback,
        routes,
        userKeyFields,
        objects,
        other,
        health,
        agents,
        prices,
        enrichUsage,
        usage,
        auth,
        credentials,
        limits,
        alerts,
        drain,
        tracing,
        metrics,
        accessLog,
        state,
        history,
        eventBus,
        cluster,
        simulate);
  }
}

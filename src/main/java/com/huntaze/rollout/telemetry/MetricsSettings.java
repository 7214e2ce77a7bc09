package com.huntaze.rollout.telemetry;

import com.huntaze.rollout.settings.ListenerSettings;
import com.huntaze.rollout.settings.Setting;
import java.util.List;

/**
 * The metrics of the process.
 *
 * @param vertx what Vert.x itself measures beside its pools; empty = nothing
 * @param listener where health and metrics are told beside the admin port, {@code null} = nowhere
 */
public record MetricsSettings(
    @Setting(
            value =
                "What Vert.x itself measures beside its pools, as `rollout_vertx_…`: its HTTP, net"
                    + " and event-bus metrics cost look-ups on the path of every request. Who embeds"
                    + " the proxy chooses it with their own Vert.x.",
            byDefault = "[]",
            pattern = MetricsSettings.DOMAIN,
            expected = MetricsSettings.DOMAIN_WORDS)
        List<String> vertx,
    @Setting(
            value =
                "A listener for `/livez`, `/readyz` and `/metrics` alone, by the rules of the admin"
                    + " port (its TLS, its token for the metrics); null is none.",
            byDefault = "null")
        ListenerSettings listener,
    @Setting(
            value =
                "The requests for models once more, by the names of OpenTelemetry's semantic"
                    + " conventions for generative AI (`gen_ai_client_…`), in 2,000 further time"
                    + " series at most.",
            byDefault = "false")
        boolean openTelemetry) {
  static final String DOMAIN = "^(http_server|http_client|net_server|net_client|event_bus)$";
  static final String DOMAIN_WORDS =
      "http_server, http_client, net_server, net_client or event_bus";

  /** Copies the list, so that the record never changes. */
  public MetricsSettings {
    vertx = List.copyOf(vertx);
  }
}

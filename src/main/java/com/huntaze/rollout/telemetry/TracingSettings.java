package com.huntaze.rollout.telemetry;

import com.huntaze.rollout.settings.Checked;
import com.huntaze.rollout.settings.Forms;
import com.huntaze.rollout.settings.HttpUrl;
import com.huntaze.rollout.settings.Problem;
import com.huntaze.rollout.settings.Setting;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Tracing over OTLP.
 *
 * @param otlpEndpoint the collector's URL, or null for no tracing
 * @param sampleRatio which part of the traces that begin here is recorded
 * @param headers header fields for the collector; values may be secret, and {@link #toString} shows
 *     none
 */
public record TracingSettings(
    @Setting(
            value =
                "The OTLP collector's URL, to which spans are sent as http/protobuf under"
                    + " /v1/traces; null turns tracing off.",
            byDefault = "null")
        HttpUrl otlpEndpoint,
    @Setting(
            value =
                "Which part of the traces that begin here is recorded; of others their beginner"
                    + " decides. 0 is none, 1 is all.",
            byDefault = "1.0",
            min = "0",
            max = "1")
        double sampleRatio,
    @Setting(
            value =
                "Header fields for the collector, such as its credentials; an empty value sets none.",
            byDefault = "{}",
            pattern = Forms.HEADER_VALUE,
            expected = Forms.HEADER_VALUE_WORDS,
            keyPattern = Forms.HEADER_NAME,
            keyExpected = Forms.HEADER_NAME_WORDS,
            secret = true)
        Map<String, String> headers)
    implements Checked {

  /** They frame the message, name its receiver or tell its format. */
  private static final Set<String> OURS =
      Set.of(
          "connection",
          "content-encoding",
          "content-length",
          "content-type",
          "expect",
          "host",
          "transfer-encoding",
          "upgrade");

  /** Copies the map, so that the record never changes. */
  public TracingSettings {
    headers = Map.copyOf(headers);
  }

  @Override
  public List<Problem> check() {
    return headers.keySet().stream()
        .filter(name -> OURS.contains(name.toLowerCase(Locale.ROOT)))
        .map(name -> new Problem("headers." + name, "set", "a header that the proxy does not set"))
        .toList();
  }

  /** Everything but the values of the headers, which carry credentials. */
  @Override
  public String toString() {
    return "TracingSettings[otlpEndpoint=%s, sampleRatio=%s, headers=%s]"
        .formatted(otlpEndpoint, sampleRatio, headers.keySet());
  }
}

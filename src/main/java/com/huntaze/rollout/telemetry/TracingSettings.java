package com.huntaze.rollout.telemetry;

import com.huntaze.rollout.settings.Forms;
import com.huntaze.rollout.settings.HttpUrl;
import com.huntaze.rollout.settings.Setting;
import java.util.Map;

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
            value = "Header fields for the collector, such as its credentials.",
            byDefault = "{}",
            pattern = Forms.HEADER_VALUE,
            expected = Forms.HEADER_VALUE_WORDS,
            keyPattern = Forms.HEADER_NAME,
            keyExpected = Forms.HEADER_NAME_WORDS,
            secret = true)
        Map<String, String> headers) {

  /** Copies the map, so that the record never changes. */
  public TracingSettings {
    headers = Map.copyOf(headers);
  }

  @Override
  public String toString() {
    return "TracingSettings[otlpEndpoint=%s, sampleRatio=%s, headers=%s]"
        .formatted(otlpEndpoint, sampleRatio, headers.keySet());
  }
}

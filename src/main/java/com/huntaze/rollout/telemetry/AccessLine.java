package com.huntaze.rollout.telemetry;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.huntaze.rollout.cost.Cost;
import com.huntaze.rollout.cost.NanoUsd;
import com.huntaze.rollout.cost.Receipt;
import com.huntaze.rollout.cost.Usage;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;

/**
 * A request's line in the access log: one JSON object with the field names of the Elastic Common
 * Schema where it has some, {@code rollout.*} for the rest (seed Property 9, requirements 2.5 and
 * 5.1). Every field is in every line, {@code null} where nothing is known. No bodies, no headers,
 * no query strings; all that is not printable ASCII is escaped.
 */
final class AccessLine {
  /** A client that left before it was told anything: nginx's number for it. */
  private static final int CLIENT_CLOSED = 499;

  private static final int LONGEST = 512;
  private static final long NANOS_PER_MILLI = 1_000_000;
  private static final JsonFactory JSON =
      JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  private AccessLine() {}

  /**
   * @param clientAddress whether the client's address may be told
   */
  static String of(Receipt receipt, boolean clientAddress) {
    StringWriter line = new StringWriter(768);
    try (JsonGenerator json = JSON.createGenerator(line)) {
      json.writeStartObject();
      write(json, receipt);
      origin(json, receipt.request().origin(), clientAddress);
      json.writeEndObject();
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return line.toString();
  }

  private static void write(JsonGenerator json, Receipt receipt) throws IOException {
    json.writeStringField("@timestamp", Instant.ofEpochMilli(receipt.endedAt()).toString());
    json.writeStringField("log.level", "INFO");
    json.writeStringField("message", sentence(receipt));
    json.writeStringField("ecs.version", "8.11.0");
    json.writeStringField("service.name", "rollout-proxy");
    json.writeStringField("service.node.name", Instance.NAME);
    json.writeStringField("event.dataset", "rollout.access");
    json.writeStringField("event.outcome", success(receipt) ? "success" : "failure");
    json.writeNumberField("event.duration", receipt.latencyNanos());
    text(json, "trace.id", receipt.trace());
    text(json, "span.id", receipt.span());
    text(json, "http.request.method", receipt.request().method());
    json.writeNumberField("http.request.body.bytes", receipt.request().bytes());
    json.writeNumberField("http.response.status_code", status(receipt));
    text(json, "url.path", receipt.request().path());
    text(json, "rollout.correlation_id", receipt.correlationId());
    text(json, "rollout.route", receipt.request().route());
    text(json, "rollout.provider", receipt.provider() == null ? null : receipt.provider().label());
    text(json, "rollout.reason", receipt.reason());
    json.writeBooleanField("rollout.fallback", receipt.fallback());
    text(json, "rollout.agent", receipt.caller().agent());
    text(json, "rollout.tier", receipt.caller().tier());
    text(json, "rollout.key_id", receipt.caller().keyId());
    text(json, "rollout.ending", receipt.ending());
    text(json, "rollout.outcome", receipt.outcome());
    json.writeNumberField("rollout.attempts", receipt.attempts());
    json.writeNumberField("rollout.latency_ms", receipt.latencyNanos() / NANOS_PER_MILLI);
    number(json, "rollout.first_content_ms", millis(receipt.firstContentNanos()));
    answer(json, receipt);
  }

  private static void origin(JsonGenerator json, Receipt.Origin origin, boolean clientAddress)
      throws IOException {
    text(json, "client.ip", clientAddress ? origin.address() : null);
    text(json, "user_agent.original", origin.userAgent());
    text(json, "user.hash", origin.userHash());
  }

  private static void answer(JsonGenerator json, Receipt receipt) throws IOException {
    Usage usage = receipt.usage();
    Cost cost = receipt.cost();
    text(json, "gen_ai.response.model", receipt.served().model());
    text(json, "rollout.deployment", receipt.served().deployment());
    text(json, "rollout.region", receipt.served().region());
    text(json, "rollout.provider_request_id", receipt.served().ids().request());
    text(json, "rollout.apim_request_id", receipt.served().ids().gateway());
    json.writeBooleanField("rollout.stream", receipt.served().stream());
    number(json, "gen_ai.usage.input_tokens", usage == null ? null : usage.inputTokens());
    number(json, "gen_ai.usage.output_tokens", usage == null ? null : usage.outputTokens());
    boolean known = cost.known().isPresent();
    number(json, "rollout.cost_nano_usd", known ? cost.nanoUsd() : null);
    json.writeFieldName("rollout.cost_usd");
    if (known) {
      json.writeNumber(NanoUsd.format(cost.nanoUsd()));
    } else {
      json.writeNull();
    }
    json.writeStringField("rollout.cost_kind", cost.kind().label());
  }

  /** For people who read the stream: no field of it is needed for machines. */
  private static String sentence(Receipt receipt) {
    String provider = receipt.provider() == null ? "nobody" : receipt.provider().label();
    String route = receipt.request().route();
    // A route names its method, unless it is that of what is listed nowhere.
    String asked = route.contains(" ") ? route : cut(receipt.request().method()) + " " + route;
    long millis = receipt.latencyNanos() / NANOS_PER_MILLI;
    return asked + " " + status(receipt) + " " + provider + " " + millis + " ms";
  }

  private static boolean success(Receipt receipt) {
    return receipt.ending().equals("complete") && status(receipt) < 400;
  }

  private static int status(Receipt receipt) {
    return receipt.status() == 0 ? CLIENT_CLOSED : receipt.status();
  }

  private static Long millis(long nanos) {
    return nanos < 0 ? null : nanos / NANOS_PER_MILLI;
  }

  private static void number(JsonGenerator json, String name, Long value) throws IOException {
    json.writeFieldName(name);
    if (value == null) {
      json.writeNull();
    } else {
      json.writeNumber(value.longValue());
    }
  }

  private static void text(JsonGenerator json, String name, String value) throws IOException {
    json.writeStringField(name, value == null ? null : cut(value));
  }

  private static String cut(String value) {
    return value.length() <= LONGEST ? value : value.substring(0, LONGEST) + "...";
  }
}

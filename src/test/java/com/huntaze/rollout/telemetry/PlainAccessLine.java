package com.huntaze.rollout.telemetry;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.huntaze.rollout.cost.Cost;
import com.huntaze.rollout.cost.NanoUsd;
import com.huntaze.rollout.cost.Usage;
import com.huntaze.rollout.exchange.ExchangeRecord;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;

/** The same line as {@link AccessLine}, made by a library, member by member. */
final class PlainAccessLine {
  /** A client that left before it was told anything: nginx's number for it. */
  private static final int CLIENT_CLOSED = 499;

  private static final int LONGEST = 512;
  private static final long NANOS_PER_MILLI = 1_000_000;
  private static final JsonFactory JSON =
      JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  private PlainAccessLine() {}

  /**
   * @param clientAddress whether the client's address may be told
   */
  static String of(ExchangeRecord record, boolean clientAddress) {
    StringWriter line = new StringWriter(768);
    try (JsonGenerator json = JSON.createGenerator(line)) {
      json.writeStartObject();
      write(json, record);
      origin(json, record.request().origin(), clientAddress);
      json.writeEndObject();
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return line.toString();
  }

  private static void write(JsonGenerator json, ExchangeRecord record) throws IOException {
    json.writeStringField("@timestamp", Instant.ofEpochMilli(record.endedAt()).toString());
    json.writeStringField("log.level", "INFO");
    json.writeStringField("message", sentence(record));
    json.writeStringField("ecs.version", "8.11.0");
    json.writeStringField("service.name", "rollout-proxy");
    json.writeStringField("service.node.name", Instance.NAME);
    json.writeStringField("event.dataset", "rollout.access");
    json.writeStringField("event.outcome", success(record) ? "success" : "failure");
    json.writeNumberField("event.duration", record.latencyNanos());
    text(json, "trace.id", record.trace());
    text(json, "span.id", record.span());
    text(json, "http.request.method", record.request().method());
    json.writeNumberField("http.request.body.bytes", record.request().bytes());
    json.writeNumberField("http.response.status_code", status(record));
    text(json, "url.path", record.request().path());
    text(json, "rollout.correlation_id", record.correlationId());
    text(json, "rollout.route", record.request().route());
    text(json, "rollout.provider", record.provider() == null ? null : record.provider().label());
    text(json, "rollout.reason", record.reason());
    json.writeBooleanField("rollout.fallback", record.fallback());
    text(json, "rollout.agent", record.caller().agent());
    text(json, "rollout.tier", record.caller().tier());
    text(json, "rollout.key_id", record.caller().keyId());
    text(json, "rollout.ending", record.ending());
    text(json, "rollout.outcome", record.outcome());
    json.writeNumberField("rollout.attempts", record.attempts());
    json.writeNumberField("rollout.latency_ms", record.latencyNanos() / NANOS_PER_MILLI);
    number(json, "rollout.first_content_ms", millis(record.firstContentNanos()));
    answer(json, record);
  }

  private static void origin(
      JsonGenerator json, ExchangeRecord.Origin origin, boolean clientAddress) throws IOException {
    text(json, "client.ip", clientAddress ? origin.address() : null);
    text(json, "user_agent.original", origin.userAgent());
    text(json, "user.hash", origin.userHash());
  }

  private static void answer(JsonGenerator json, ExchangeRecord record) throws IOException {
    Usage usage = record.usage();
    Cost cost = record.cost();
    text(json, "gen_ai.response.model", record.served().model());
    text(json, "rollout.deployment", record.served().deployment());
    text(json, "rollout.region", record.served().region());
    text(json, "rollout.provider_request_id", record.served().ids().request());
    text(json, "rollout.apim_request_id", record.served().ids().gateway());
    json.writeBooleanField("rollout.stream", record.served().stream());
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
  private static String sentence(ExchangeRecord record) {
    String provider = record.provider() == null ? "nobody" : record.provider().label();
    String route = record.request().route();
    // A route names its method, unless it is that of what is listed nowhere.
    String asked = route.contains(" ") ? route : cut(record.request().method()) + " " + route;
    long millis = record.latencyNanos() / NANOS_PER_MILLI;
    return asked + " " + status(record) + " " + provider + " " + millis + " ms";
  }

  private static boolean success(ExchangeRecord record) {
    return record.ending().equals("complete") && status(record) < 400;
  }

  private static int status(ExchangeRecord record) {
    return record.status() == 0 ? CLIENT_CLOSED : record.status();
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

package com.huntaze.rollout.telemetry;

import com.huntaze.rollout.cost.Cost;
import com.huntaze.rollout.cost.NanoUsd;
import com.huntaze.rollout.cost.Usage;
import com.huntaze.rollout.exchange.ExchangeRecord;
import com.huntaze.rollout.telemetry.JsonLine.Name;
import java.nio.charset.StandardCharsets;
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
  private static final int USUAL_BYTES = 2_048;
  private static final long NANOS_PER_MILLI = 1_000_000;
  private static final byte[] CUT = {'.', '.', '.'};

  /** The members that are the same in every line. */
  private static final byte[] SERVICE =
      (",\"ecs.version\":\"8.11.0\",\"service.name\":\"rollout-proxy\"")
          .getBytes(StandardCharsets.US_ASCII);

  private static final byte[] DATASET =
      ",\"event.dataset\":\"rollout.access\"".getBytes(StandardCharsets.US_ASCII);

  private static final Name LOG_LEVEL = new Name("log.level");
  private static final Name MESSAGE = new Name("message");
  private static final Name SERVICE_NODE_NAME = new Name("service.node.name");
  private static final Name EVENT_OUTCOME = new Name("event.outcome");
  private static final Name EVENT_DURATION = new Name("event.duration");
  private static final Name TRACE_ID = new Name("trace.id");
  private static final Name SPAN_ID = new Name("span.id");
  private static final Name HTTP_REQUEST_METHOD = new Name("http.request.method");
  private static final Name HTTP_REQUEST_BODY_BYTES = new Name("http.request.body.bytes");
  private static final Name HTTP_RESPONSE_STATUS_CODE = new Name("http.response.status_code");
  private static final Name URL_PATH = new Name("url.path");
  private static final Name ROLLOUT_CORRELATION_ID = new Name("rollout.correlation_id");
  private static final Name ROLLOUT_ROUTE = new Name("rollout.route");
  private static final Name ROLLOUT_PROVIDER = new Name("rollout.provider");
  private static final Name ROLLOUT_REASON = new Name("rollout.reason");
  private static final Name ROLLOUT_FALLBACK = new Name("rollout.fallback");
  private static final Name ROLLOUT_AGENT = new Name("rollout.agent");
  private static final Name ROLLOUT_TIER = new Name("rollout.tier");
  private static final Name ROLLOUT_KEY_ID = new Name("rollout.key_id");
  private static final Name ROLLOUT_ENDING = new Name("rollout.ending");
  private static final Name ROLLOUT_OUTCOME = new Name("rollout.outcome");
  private static final Name ROLLOUT_ATTEMPTS = new Name("rollout.attempts");
  private static final Name ROLLOUT_LATENCY_MS = new Name("rollout.latency_ms");
  private static final Name ROLLOUT_FIRST_CONTENT_MS = new Name("rollout.first_content_ms");
  private static final Name TIMESTAMP = new Name("@timestamp");
  private static final Name CLIENT_IP = new Name("client.ip");
  private static final Name USER_AGENT_ORIGINAL = new Name("user_agent.original");
  private static final Name USER_HASH = new Name("user.hash");
  private static final Name GEN_AI_RESPONSE_MODEL = new Name("gen_ai.response.model");
  private static final Name ROLLOUT_DEPLOYMENT = new Name("rollout.deployment");
  private static final Name ROLLOUT_REGION = new Name("rollout.region");
  private static final Name ROLLOUT_PROVIDER_REQUEST_ID = new Name("rollout.provider_request_id");
  private static final Name ROLLOUT_APIM_REQUEST_ID = new Name("rollout.apim_request_id");
  private static final Name ROLLOUT_STREAM = new Name("rollout.stream");
  private static final Name GEN_AI_USAGE_INPUT_TOKENS = new Name("gen_ai.usage.input_tokens");
  private static final Name GEN_AI_USAGE_OUTPUT_TOKENS = new Name("gen_ai.usage.output_tokens");
  private static final Name ROLLOUT_COST_NANO_USD = new Name("rollout.cost_nano_usd");
  private static final Name ROLLOUT_COST_USD = new Name("rollout.cost_usd");
  private static final Name ROLLOUT_COST_KIND = new Name("rollout.cost_kind");

  private final boolean clientAddress;
  private final JsonLine json = new JsonLine(USUAL_BYTES);
  private final byte[] amount = new byte[NanoUsd.MAX_LENGTH];
  private long second = Long.MIN_VALUE;
  private byte[] untilSecond;

  /**
   * @param clientAddress whether the client's address may be told
   */
  AccessLine(boolean clientAddress) {
    this.clientAddress = clientAddress;
  }

  /** Returns the line of a request as text, without its line feed. */
  static String of(ExchangeRecord record, boolean clientAddress) {
    JsonLine line = new AccessLine(clientAddress).write(record);
    return text(line);
  }

  /** The bytes of a line as text, without its line feed. */
  static String text(JsonLine line) {
    return new String(line.buffer(), 0, line.length() - 1, StandardCharsets.US_ASCII);
  }

  /** Writes the line of a request; it is there until the next is written. */
  JsonLine write(ExchangeRecord record) {
    json.begin();
    timestamp(record.endedAt());
    json.text(LOG_LEVEL, "INFO");
    json.name(MESSAGE);
    sentence(record);
    json.raw(SERVICE);
    json.text(SERVICE_NODE_NAME, Instance.NAME);
    json.raw(DATASET);
    json.text(EVENT_OUTCOME, success(record) ? "success" : "failure");
    json.number(EVENT_DURATION, record.latencyNanos());
    text(TRACE_ID, record.trace());
    text(SPAN_ID, record.span());
    text(HTTP_REQUEST_METHOD, record.request().method());
    json.number(HTTP_REQUEST_BODY_BYTES, record.request().bytes());
    json.number(HTTP_RESPONSE_STATUS_CODE, status(record));
    text(URL_PATH, record.request().path());
    text(ROLLOUT_CORRELATION_ID, record.correlationId());
    text(ROLLOUT_ROUTE, record.request().route());
    text(ROLLOUT_PROVIDER, record.provider() == null ? null : record.provider().label());
    text(ROLLOUT_REASON, record.reason());
    json.flag(ROLLOUT_FALLBACK, record.fallback());
    text(ROLLOUT_AGENT, record.caller().agent());
    text(ROLLOUT_TIER, record.caller().tier());
    text(ROLLOUT_KEY_ID, record.caller().keyId());
    text(ROLLOUT_ENDING, record.ending());
    text(ROLLOUT_OUTCOME, record.outcome());
    json.number(ROLLOUT_ATTEMPTS, record.attempts());
    json.number(ROLLOUT_LATENCY_MS, record.latencyNanos() / NANOS_PER_MILLI);
    if (record.firstContentNanos() < 0) {
      json.nothing(ROLLOUT_FIRST_CONTENT_MS);
    } else {
      json.number(ROLLOUT_FIRST_CONTENT_MS, record.firstContentNanos() / NANOS_PER_MILLI);
    }
    answer(record);
    origin(record.request().origin());
    json.end();
    return json;
  }

  /** The time to the millisecond; what is the same for a second is made once a second. */
  private void timestamp(long millis) {
    long now = Math.floorDiv(millis, 1_000L);
    if (now != second) {
      second = now;
      String text = Instant.ofEpochSecond(now).toString();
      untilSecond =
          ("\"" + text.substring(0, text.length() - 1) + ".").getBytes(StandardCharsets.US_ASCII);
    }
    json.name(TIMESTAMP).raw(untilSecond).padded(Math.floorMod(millis, 1_000L), 3).raw('Z').close();
  }

  private void origin(ExchangeRecord.Origin origin) {
    text(CLIENT_IP, clientAddress ? origin.address() : null);
    text(USER_AGENT_ORIGINAL, origin.userAgent());
    text(USER_HASH, origin.userHash());
  }

  private void answer(ExchangeRecord record) {
    Usage usage = record.usage();
    Cost cost = record.cost();
    text(GEN_AI_RESPONSE_MODEL, record.served().model());
    text(ROLLOUT_DEPLOYMENT, record.served().deployment());
    text(ROLLOUT_REGION, record.served().region());
    text(ROLLOUT_PROVIDER_REQUEST_ID, record.served().ids().request());
    text(ROLLOUT_APIM_REQUEST_ID, record.served().ids().gateway());
    json.flag(ROLLOUT_STREAM, record.served().stream());
    if (usage == null) {
      json.nothing(GEN_AI_USAGE_INPUT_TOKENS).nothing(GEN_AI_USAGE_OUTPUT_TOKENS);
    } else {
      json.number(GEN_AI_USAGE_INPUT_TOKENS, usage.inputTokens());
      json.number(GEN_AI_USAGE_OUTPUT_TOKENS, usage.outputTokens());
    }
    if (cost.isKnown()) {
      json.number(ROLLOUT_COST_NANO_USD, cost.nanoUsd()).name(ROLLOUT_COST_USD);
      json.raw(amount, NanoUsd.format(cost.nanoUsd(), amount));
    } else {
      json.nothing(ROLLOUT_COST_NANO_USD).nothing(ROLLOUT_COST_USD);
    }
    json.text(ROLLOUT_COST_KIND, cost.kind().label());
  }

  /** For people who read the stream: no field of it is needed for machines. */
  private void sentence(ExchangeRecord record) {
    String route = record.request().route();
    json.open();
    // A route names its method, unless it is that of what is listed nowhere.
    if (route.indexOf(' ') < 0) {
      cut(record.request().method());
      json.raw(' ');
    }
    json.chars(route, route.length()).raw(' ').digits(status(record)).raw(' ');
    String provider = record.provider() == null ? "nobody" : record.provider().label();
    json.chars(provider, provider.length()).raw(' ');
    json.digits(record.latencyNanos() / NANOS_PER_MILLI).chars(" ms", 3).close();
  }

  static boolean success(ExchangeRecord record) {
    return record.ending().equals("complete") && status(record) < 400;
  }

  private static int status(ExchangeRecord record) {
    return record.status() == 0 ? CLIENT_CLOSED : record.status();
  }

  private void text(Name name, String value) {
    if (value == null) {
      json.nothing(name);
    } else {
      json.name(name).open();
      cut(value);
      json.close();
    }
  }

  private void cut(String value) {
    if (value.length() <= LONGEST) {
      json.chars(value, value.length());
    } else {
      json.chars(value, LONGEST).raw(CUT);
    }
  }
}

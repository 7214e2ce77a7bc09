package com.huntaze.rollout.telemetry;

import static io.opentelemetry.api.common.AttributeKey.booleanKey;
import static io.opentelemetry.api.common.AttributeKey.doubleKey;
import static io.opentelemetry.api.common.AttributeKey.longKey;
import static io.opentelemetry.api.common.AttributeKey.stringKey;

import com.huntaze.rollout.provider.Provider;
import io.opentelemetry.api.common.AttributeKey;
import java.util.Set;

/**
 * The attributes of spans. Names are those of OpenTelemetry's semantic conventions for HTTP (1.41)
 * and for generative AI where they have some, {@code rollout.*} for the rest, as in the access log.
 */
final class SpanNames {
  static final AttributeKey<String> SERVICE_NAME = stringKey("service.name");
  static final AttributeKey<String> SERVICE_VERSION = stringKey("service.version");
  static final AttributeKey<String> SERVICE_INSTANCE = stringKey("service.instance.id");

  static final AttributeKey<String> METHOD = stringKey("http.request.method");
  static final AttributeKey<String> ROUTE = stringKey("http.route");
  static final AttributeKey<Long> STATUS = longKey("http.response.status_code");
  static final AttributeKey<Long> RESENT = longKey("http.request.resend_count");
  static final AttributeKey<Long> BODY_SIZE = longKey("http.request.body.size");
  static final AttributeKey<String> URL_PATH = stringKey("url.path");
  static final AttributeKey<String> URL_SCHEME = stringKey("url.scheme");
  static final AttributeKey<String> SERVER_ADDRESS = stringKey("server.address");
  static final AttributeKey<Long> SERVER_PORT = longKey("server.port");
  static final AttributeKey<String> ERROR_TYPE = stringKey("error.type");

  static final AttributeKey<String> OPERATION = stringKey("gen_ai.operation.name");
  static final AttributeKey<String> GEN_AI_PROVIDER = stringKey("gen_ai.provider.name");
  static final AttributeKey<String> REQUEST_MODEL = stringKey("gen_ai.request.model");
  static final AttributeKey<String> RESPONSE_MODEL = stringKey("gen_ai.response.model");
  static final AttributeKey<Long> INPUT_TOKENS = longKey("gen_ai.usage.input_tokens");
  static final AttributeKey<Long> OUTPUT_TOKENS = longKey("gen_ai.usage.output_tokens");

  static final AttributeKey<String> PROVIDER = stringKey("rollout.provider");
  static final AttributeKey<String> REASON = stringKey("rollout.reason");
  static final AttributeKey<Boolean> FALLBACK = booleanKey("rollout.fallback");
  static final AttributeKey<String> ENDING = stringKey("rollout.ending");
  static final AttributeKey<String> OUTCOME = stringKey("rollout.outcome");
  static final AttributeKey<Long> ATTEMPTS = longKey("rollout.attempts");
  static final AttributeKey<String> CORRELATION_ID = stringKey("rollout.correlation_id");
  static final AttributeKey<String> KEY_ID = stringKey("rollout.key_id");
  static final AttributeKey<String> TIER = stringKey("rollout.tier");
  static final AttributeKey<String> AGENT = stringKey("rollout.agent");
  static final AttributeKey<String> DEPLOYMENT = stringKey("rollout.deployment");
  static final AttributeKey<String> REGION = stringKey("rollout.region");
  static final AttributeKey<Boolean> STREAM = booleanKey("rollout.stream");
  static final AttributeKey<Long> FIRST_CONTENT = longKey("rollout.first_content_ms");
  static final AttributeKey<Double> COST_USD = doubleKey("rollout.cost_usd");
  static final AttributeKey<String> COST_KIND = stringKey("rollout.cost_kind");

  /** The methods that the conventions know; any other is {@code _OTHER}. */
  private static final Set<String> METHODS =
      Set.of("CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE");

  private SpanNames() {}

  /** The value of {@code http.request.method}. */
  static String method(String sent) {
    return METHODS.contains(sent) ? sent : "_OTHER";
  }

  /** A method as it stands in the name of a span. */
  static String inName(String sent) {
    return METHODS.contains(sent) ? sent : "HTTP";
  }

  /** Foundry is Azure's, which has a name in the conventions; what legacy is, nobody knows. */
  static String genAi(Provider provider) {
    return provider == Provider.FOUNDRY ? "azure.ai.inference" : provider.label();
  }
}

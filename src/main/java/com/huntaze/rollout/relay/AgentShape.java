package com.huntaze.rollout.relay;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.huntaze.rollout.cost.Usage;
import com.huntaze.rollout.provider.Provider;
import com.huntaze.rollout.request.Monotonic;
import com.huntaze.rollout.request.UpstreamRequest;
import com.huntaze.rollout.traffic.ProviderChoice;
import com.huntaze.rollout.traffic.Reason;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;

/**
 * The shape in which an agent's answer goes to its caller (the seed's CoordinatorResponse): {@code
 * success}, the provider's answer as {@code data}, {@code usage} with who answered and what it
 * cost, and {@code metadata}. It is put around the answer while that passes; nothing is held for
 * it.
 */
public final class AgentShape {
  private static final String BEFORE = "{\"success\":true,\"data\":";

  private final UpstreamRequest ask;
  private final UsageTap tap;
  private final ProviderChoice served;

  private AgentShape(UpstreamRequest ask, UsageTap tap, ProviderChoice served) {
    this.ask = ask;
    this.tap = tap;
    this.served = served;
  }

  /**
   * The shape of an answer; {@code null} if it has none: nobody called an agent, or the answer is
   * no JSON that could be put into it.
   *
   * @param tap what reads the answer, {@code null} = nothing does
   */
  public static AgentShape of(
      UpstreamRequest ask, UsageTap tap, ProviderChoice served, HttpClientResponse answer) {
    boolean shaped =
        ask.identity().shapesErrors() && tap != null && !tap.isStream() && !tap.isCoded();
    boolean body = answer.statusCode() != 204 && answer.statusCode() != 205;
    return shaped && body ? new AgentShape(ask, tap, served) : null;
  }

  /** Returns the bytes before the provider's answer. */
  Buffer before() {
    return Buffer.buffer(BEFORE);
  }

  /** The answer, which is here whole, in its shape. */
  Buffer around(Buffer whole) {
    Buffer all = before();
    if (whole.length() == 0) {
      all.appendString("null");
    } else {
      all.appendBuffer(whole);
    }
    return all.appendBuffer(after());
  }

  /** Returns the bytes behind the provider's answer, which has been read whole. */
  Buffer after() {
    Usage usage = tap.consumption(true).usage();
    StringBuilder text = new StringBuilder(256);
    text.append(",\"usage\":{\"prompt_tokens\":")
        .append(usage == null ? null : usage.inputTokens());
    text.append(",\"completion_tokens\":").append(usage == null ? null : usage.outputTokens());
    text.append(",\"total_tokens\":").append(usage == null ? null : usage.totalTokens());
    text.append(',').append(UsageDetails.text(tap));
    text.append("},\"metadata\":{\"correlationId\":\"");
    JsonStringEncoder.getInstance().quoteAsString(ask.identity().correlationId(), text);
    text.append("\",\"provider\":\"").append(served.provider().label());
    text.append("\",\"latencyMillis\":").append(Monotonic.millis() - ask.startMillis());
    text.append(",\"fallbackUsed\":").append(fellBack()).append("}}");
    return Buffer.buffer(text.toString());
  }

  private boolean fellBack() {
    return served.provider() == Provider.LEGACY && served.reason() == Reason.FALLBACK;
  }
}

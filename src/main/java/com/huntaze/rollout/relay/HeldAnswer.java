package com.huntaze.rollout.relay;

import com.huntaze.rollout.outcome.Outcome;
import com.huntaze.rollout.traffic.ProviderChoice;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import java.util.OptionalLong;

/**
 * An answer that is here whole and was not passed on yet: a failure that another attempt may make
 * up for. If none does, it passes as it is.
 *
 * @param from whose it is, and why that provider was asked
 * @param meaning what its head means
 */
public record HeldAnswer(
    ProviderChoice from,
    Outcome meaning,
    int status,
    String reason,
    MultiMap headers,
    Buffer body) {

  /** The provider's wish for the next attempt, in milliseconds from now. */
  OptionalLong hint() {
    return AnswerHead.hint(headers);
  }

  static HeldAnswer of(
      ProviderChoice from, Outcome meaning, HttpClientResponse answer, Buffer body) {
    return new HeldAnswer(
        from, meaning, answer.statusCode(), answer.statusMessage(), answer.headers(), body);
  }
}

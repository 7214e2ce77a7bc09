package com.huntaze.rollout.relay;

import com.huntaze.rollout.failover.ErrorCode;
import com.huntaze.rollout.http.Inflation;
import com.huntaze.rollout.outcome.Judgement;
import com.huntaze.rollout.outcome.Meaning;
import com.huntaze.rollout.outcome.Outcome;
import com.huntaze.rollout.request.BodyPeek;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/**
 * A provider's failing answer as the callers of {@code /v1/agents/…} read it: in the seed's shape,
 * whoever made it. What the provider refused keeps its status, and its words are told, for they are
 * the caller's to act on; a failure of its own is one of ours, which tells the provider's sentence
 * and nothing else that it said. No credential is told, whoever's it is.
 *
 * @param code which of our errors it is
 * @param status what it is answered with
 * @param message one sentence
 */
public record AgentError(ErrorCode code, int status, String message) {
  private static final int FIRST_ERROR = 400;
  private static final int FIRST_FAILURE = 500;
  private static final int MAX_MESSAGE_BYTES = 1_024;
  private static final int MOST_INFLATED_BYTES = 1 << 20;

  /** Fields that speak of the body that is not passed on. */
  private static final List<String> OF_THE_BODY =
      List.of("etag", "digest", "repr-digest", "last-modified", "accept-ranges");

  /** Returns whether an answer with this status is told in our shape. */
  public static boolean isError(int status) {
    return status >= FIRST_ERROR;
  }

  /**
   * @param fellBack whether legacy was asked in Foundry's stead, whoever gave the answer
   */
  public static AgentError of(HeldAnswer answer, boolean fellBack) {
    String from = answer.from().provider().label();
    if (Meaning.THROTTLED.isOf(answer.meaning())) {
      String message = from + ": it is asked too often" + sentence(answer);
      return refused(ErrorCode.RATE_LIMITED, answer, message);
    } else if (isRefusal(answer.meaning())) {
      return refused(code(answer.status()), answer, from + ": " + words(answer));
    }
    ErrorCode code = UpstreamFault.code(fellBack);
    String message =
        isError(answer.status())
            ? "%s: it answered %d (expected: 2xx)".formatted(from, answer.status())
                + (answer.status() >= FIRST_FAILURE ? sentence(answer) : "")
            : UpstreamFault.sentence(answer.from().provider(), answer.meaning());
    return new AgentError(code, code.status(), message);
  }

  /** Takes out of an answer's fields what speaks of the body and the status that do not pass. */
  void strip(MultiMap headers) {
    if (status != ErrorCode.UNAUTHORIZED.status()) {
      headers.remove("WWW-Authenticate");
    }
    for (String name : List.copyOf(headers.names())) {
      String lower = name.toLowerCase(Locale.ROOT);
      if (lower.startsWith("content-") || OF_THE_BODY.contains(lower)) {
        headers.remove(name);
      }
    }
  }

  private static AgentError refused(ErrorCode code, HeldAnswer answer, String message) {
    return new AgentError(code, answer.status(), message);
  }

  private static boolean isRefusal(Outcome meaning) {
    return meaning.judge() == Judgement.CALLER || Meaning.CONTENT_FILTERED.isOf(meaning);
  }

  private static ErrorCode code(int status) {
    return switch (status) {
      case 401, 403 -> ErrorCode.UNAUTHORIZED;
      case 404 -> ErrorCode.NOT_FOUND;
      case 413 -> ErrorCode.PAYLOAD_TOO_LARGE;
      default -> ErrorCode.BAD_REQUEST;
    };
  }

  /** The provider's sentence behind our own; nothing where it tells none. */
  private static String sentence(HeldAnswer answer) {
    Buffer body = Inflation.plain(answer.headers(), answer.body(), MOST_INFLATED_BYTES);
    String said = body == null ? null : BodyPeek.message(body);
    return said == null ? "" : ": " + printable(SecretMask.of(said));
  }

  /**
   * The sentence that is meant for the caller: {@code error.message} of OpenAI, Anthropic and
   * Google, FastAPI's {@code detail}, where they are text; else all that it said, if that is short.
   */
  private static String words(HeldAnswer answer) {
    Buffer body = Inflation.plain(answer.headers(), answer.body(), MOST_INFLATED_BYTES);
    String said = body == null ? null : BodyPeek.message(body);
    if (said == null && body != null && body.length() <= MAX_MESSAGE_BYTES) {
      said = body.toString(StandardCharsets.UTF_8);
    }
    return said == null || said.isBlank()
        ? "it refused the request with " + answer.status()
        : printable(SecretMask.of(said));
  }

  /** As it can stand in a log and on a terminal: bounded, and nothing that moves its cursor. */
  private static String printable(String said) {
    StringBuilder text = new StringBuilder();
    said.codePoints()
        .limit(MAX_MESSAGE_BYTES)
        .forEach(
            c -> {
              if (isTelling(c)) {
                text.appendCodePoint(c);
              } else {
                text.append("\\u%04x".formatted(c));
              }
            });
    return text.toString();
  }

  private static boolean isTelling(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}

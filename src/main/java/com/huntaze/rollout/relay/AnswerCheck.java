package com.huntaze.rollout.relay;

import com.huntaze.rollout.http.ContentCoding;
import com.huntaze.rollout.outcome.BodyJudge;
import com.huntaze.rollout.outcome.BodyJudge.Declared;
import com.huntaze.rollout.outcome.Dialect;
import com.huntaze.rollout.outcome.Meaning;
import com.huntaze.rollout.outcome.Outcome;
import com.huntaze.rollout.request.UpstreamRequest;
import com.huntaze.rollout.route.PlainPath;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;

/**
 * Looks at one response while it passes, whether it is an answer to what was asked. Only what is
 * judged and of a known shape is looked at: a success of a {@code POST}, in a coding that can be
 * read, at a path with a {@link Dialect}.
 */
final class AnswerCheck {
  /** The router's stream ends as it likes: it has no event that must come last. */
  private static final String ENDS_AS_IT_LIKES = "/route/stream";

  private static final int OK = 200;
  private static final int CREATED = 201;

  private final boolean expected;
  private final boolean endExpected;

  /** Reads the body; {@code null} = it is a stream, or nothing is expected of it. */
  private final BodyJudge judge;

  private AnswerCheck(boolean expected, boolean endExpected, BodyJudge judge) {
    this.expected = expected;
    this.endExpected = endExpected;
    this.judge = judge;
  }

  static AnswerCheck of(UpstreamRequest ask, HttpClientResponse response) {
    String path = ask.request().path();
    Dialect dialect = isLookedAt(ask, response) ? Dialect.of(PlainPath.of(path)) : null;
    AnswerType type = AnswerType.of(response.headers());
    boolean body = dialect != null && !type.isStream();
    return new AnswerCheck(
        dialect != null,
        path == null || !path.endsWith(ENDS_AS_IT_LIKES),
        body ? new BodyJudge(dialect, declared(type)) : null);
  }

  private static boolean isLookedAt(UpstreamRequest ask, HttpClientResponse response) {
    return ask.identity().route().judged()
        && ask.request().method() == HttpMethod.POST
        && (response.statusCode() == OK || response.statusCode() == CREATED)
        && ContentCoding.of(response.headers()).isReadable();
  }

  private static Declared declared(AnswerType type) {
    return switch (type) {
      case JSON -> Declared.JSON;
      case HTML -> Declared.HTML;
      case OTHER -> Declared.OTHER;
      case EVENTS, LINES, RECORDS ->
          throw new AssertionError("type: " + type + " (expected: a body)");
    };
  }

  /** Reads a piece of the body, not compressed. */
  void read(byte[] data, int from, int to) {
    if (judge != null) {
      judge.feed(data, from, to);
    }
  }

  /** The outcome of a body that has come to its end, and is no stream that was gated. */
  Outcome end() {
    return judge == null ? Meaning.COMPLETE.outcome() : judge.end();
  }

  /** Tells whether a stream without content is no answer. */
  boolean expected() {
    return expected;
  }

  /** Tells whether a stream whose client has a part must not end unless it is finished. */
  boolean endExpected() {
    return endExpected;
  }
}

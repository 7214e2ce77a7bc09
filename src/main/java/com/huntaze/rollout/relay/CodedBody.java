package com.huntaze.rollout.relay;

import com.huntaze.rollout.http.ContentCoding;
import com.huntaze.rollout.http.Inflation;
import com.huntaze.rollout.meters.ProxyMeters;
import com.huntaze.rollout.request.UpstreamRequest;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;

/** Rules for the bodies of responses that may be compressed. */
public final class CodedBody {
  private static final int BAD_REQUEST = 400;

  private CodedBody() {}

  /** Counts an answer of a model of which neither outcome nor usage can be read. */
  public static void count(UpstreamRequest ask, HttpClientResponse response, ProxyMeters meters) {
    ContentCoding coding = ContentCoding.of(response.headers());
    boolean body = AnswerHead.bodyExpected(ask.request().method(), response.statusCode());
    if (ask.billed() && body && response.statusCode() / 100 == 2 && !coding.isReadable()) {
      meters.unreadable(coding);
    }
  }

  /**
   * The body of a response without its coding, where it says what the response means: that of a
   * 400, which may be a content filter's, and that of one that tells of objects.
   *
   * @param whole {@code null} = it was not held
   * @param most the largest that is inflated, in bytes
   * @return {@code null} if it says nothing, or cannot be read
   */
  public static Buffer telling(
      UpstreamRequest ask, HttpClientResponse response, Buffer whole, int most) {
    boolean tells = response.statusCode() == BAD_REQUEST || ask.tellsObjects();
    return tells ? Inflation.plain(response.headers(), whole, most) : null;
  }
}

package com.huntaze.rollout.relay;

import io.vertx.core.buffer.Buffer;

/**
 * The first bytes of an answer, not compressed, which passes without being held: an object that it
 * tells of is named there as a rule.
 */
final class AnswerBeginning {
  private static final int MOST = 8_192;

  private final Buffer bytes = Buffer.buffer();

  void read(byte[] data, int from, int to) {
    int more = Math.min(to - from, MOST - bytes.length());
    if (more > 0) {
      bytes.appendBytes(data, from, more);
    }
  }

  Buffer bytes() {
    return bytes;
  }
}

package com.huntaze.rollout.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class StreamGateTest {
  private static final String EVENT = "data: {\"choices\":[{\"delta\":{\"content\":\"x\"}}]}";
  private static final byte[] STREAM =
      (": hello\n\n" + EVENT + "\n\n" + EVENT + "\r\n\r\n" + EVENT + "\n\ndata: [DONE]\n\n")
          .getBytes(StandardCharsets.US_ASCII);

  private static void add(Buffer to, Buffer passed) {
    if (passed != null) {
      String text = passed.toString();
      // A line feed that comes a piece later than its carriage return belongs to no event.
      assertThat(text).matches("(?s).*(\\n\\n|\\r\\n\\r\\n?|\\A\\n)");
      to.appendBuffer(passed);
    }
  }

  private static Buffer throughAGate(int... cuts) {
    StreamGate gate = new StreamGate(AnswerType.EVENTS, false, 1_000);
    Buffer all = Buffer.buffer();
    int from = 0;
    for (int to : cuts) {
      byte[] piece = Arrays.copyOfRange(STREAM, from, to);
      if (piece.length > 0) {
        gate.read(piece, 0, piece.length);
        add(all, gate.accept(Buffer.buffer(piece)));
      }
      from = to;
    }
    Buffer rest = gate.end();
    return rest == null ? all : all.appendBuffer(rest);
  }

  /** And each piece that goes ends with an event's end. */
  @Test
  void eachByteGoesToTheClientOnceWhereverTheStreamIsCut() {
    String expected = new String(STREAM, StandardCharsets.US_ASCII);
    for (int first = 0; first <= STREAM.length; first++) {
      for (int second = first; second <= STREAM.length; second++) {
        assertThat(throughAGate(first, second, STREAM.length))
            .as("cut at %d and %d", first, second)
            .hasToString(expected);
      }
    }
  }
}

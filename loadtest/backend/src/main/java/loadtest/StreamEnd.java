package loadtest;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;

/**
 * The end of a stream's bytes, wherever they were cut on the way: a proxy that reads into a buffer
 * of a fixed size may pass on {@code data: [DO} and {@code NE]} in two pieces.
 */
final class StreamEnd {
  private static final String TERMINAL = "data: [DONE]\n\n";

  private String tail = "";

  void add(Buffer piece) {
    int from = Math.max(0, piece.length() - TERMINAL.length());
    String all = tail + new String(piece.getBytes(from, piece.length()), StandardCharsets.ISO_8859_1);
    tail = all.substring(Math.max(0, all.length() - TERMINAL.length()));
  }

  /** Whether the bytes so far end with the terminal event of OpenAI's streams. */
  boolean isDone() {
    return tail.equals(TERMINAL);
  }
}

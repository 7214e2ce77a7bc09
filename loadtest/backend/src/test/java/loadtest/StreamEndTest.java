package loadtest;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.buffer.Buffer;
import org.junit.jupiter.api.Test;

class StreamEndTest {
  private static final String STREAM = "data: {\"choices\":[]}\n\ndata: [DONE]\n\n";

  @Test
  void isDoneWhereverTheStreamIsCut() {
    for (int first = 0; first <= STREAM.length(); first++) {
      for (int second = first; second <= STREAM.length(); second++) {
        StreamEnd end = new StreamEnd();
        end.add(Buffer.buffer(STREAM.substring(0, first)));
        end.add(Buffer.buffer(STREAM.substring(first, second)));
        assertFalse(second < STREAM.length() && end.isDone(), "done after " + second);
        end.add(Buffer.buffer(STREAM.substring(second)));
        assertTrue(end.isDone(), "cut at " + first + " and " + second);
      }
    }
  }
}

package com.huntaze.rollout.relay;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Changes to an answer on its way, by offsets that count the bytes as they came. Bytes that have
 * gone are gone: a change that comes too late for them is not made.
 */
final class StreamEdits {
  /** Made when there is one. */
  private Deque<Edit> edits;

  private long passed;

  /** The length of the texts that are still to go. */
  private int texts;

  /** Puts {@code text} in the place of the bytes from {@code from} to {@code to}. */
  private record Edit(long from, long to, JsonMembers text) {}

  /** Inserts a text; changes come in the order of their offsets. */
  void insert(long at, JsonMembers text) {
    replace(at, at, text);
  }

  /** Takes bytes out. */
  void drop(long from, long to) {
    // What was to be changed within them goes with them.
    while (edits != null && !edits.isEmpty() && edits.peekLast().from >= from) {
      leaves(edits.removeLast());
    }
    replace(from, to, null);
  }

  void replace(long from, long to, JsonMembers text) {
    if (from >= passed) {
      if (edits == null) {
        edits = new ArrayDeque<>(1);
      }
      edits.addLast(new Edit(from, to, text));
      texts += text == null ? 0 : text.length();
    }
  }

  /**
   * The next bytes as they go to the client: the same buffer if nothing is changed in it.
   *
   * @param piece follows on the one before; {@code null} = none
   */
  Buffer apply(Buffer piece) {
    if (piece == null) {
      return null;
    }
    long from = passed;
    passed += piece.length();
    if (edits == null || edits.isEmpty() || edits.peekFirst().from >= passed) {
      return piece;
    }
    // As long as it can become: it need not grow.
    Buffer out = Buffer.buffer(piece.length() + texts);
    long at = from;
    while (!edits.isEmpty() && edits.peekFirst().from < passed) {
      Edit edit = edits.removeFirst();
      leaves(edit);
      out.appendBuffer(piece, (int) (at - from), (int) (edit.from - at));
      if (edit.text != null) {
        out.appendBytes(edit.text.array(), 0, edit.text.length());
      }
      at = Math.min(edit.to, passed);
    }
    return out.appendBuffer(piece, (int) (at - from), (int) (passed - at));
  }

  private void leaves(Edit edit) {
    texts -= edit.text == null ? 0 : edit.text.length();
  }
}

package com.huntaze.rollout.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.util.BitSet;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/**
 * Changes to an answer that comes in pieces, against the same changes to the whole of it. What is
 * taken out comes in one piece: an event, or the value of a member.
 */
class StreamEditsTest {
  private static JsonMembers text(String ascii) {
    return new JsonMembers().ascii(ascii);
  }

  @Test
  void passesWhatIsNotChangedAsItIs() {
    StreamEdits edits = new StreamEdits();
    Buffer piece = Buffer.buffer("abc");
    assertThat(edits.apply(piece)).isSameAs(piece);
    assertThat(edits.apply(null)).isNull();
  }

  @Test
  void takesWhatWasToBeChangedOutWithWhatIsAroundIt() {
    StreamEdits edits = new StreamEdits();
    edits.insert(1, text("x"));
    edits.insert(4, text("y".repeat(300)));
    edits.drop(3, 5);
    assertThat(edits.apply(Buffer.buffer("abcdefg"))).isEqualTo(Buffer.buffer("axbcfg"));
  }

  @Test
  void makesNoChangeWhereBytesHaveGone() {
    StreamEdits edits = new StreamEdits();
    edits.apply(Buffer.buffer("abc"));
    edits.insert(2, text("x"));
    assertThat(edits.apply(Buffer.buffer("def"))).isEqualTo(Buffer.buffer("def"));
  }

  @Property
  void makesTheSameOfPiecesAsOfTheWhole(@ForAll long seed) {
    Random random = new Random(seed);
    StringBuilder all = new StringBuilder();
    for (int i = random.nextInt(80); i >= 0; i--) {
      all.append((char) ('a' + random.nextInt(26)));
    }
    StreamEdits edits = new StreamEdits();
    StringBuilder expected = new StringBuilder();
    BitSet within = new BitSet();
    int at = 0;
    while (at < all.length() && random.nextInt(6) > 0) {
      int from = at + random.nextInt(all.length() - at);
      int to = from + random.nextInt(all.length() - from + 1);
      String text = "<%s>".formatted("t".repeat(random.nextInt(200)));
      expected.append(all, at, from);
      within.set(from, to);
      within.clear(from);
      if (to > from && random.nextBoolean()) {
        edits.drop(from, to);
      } else {
        edits.replace(from, to, text(text));
        expected.append(text);
      }
      at = Math.max(to, from + 1);
      expected.append(all, to, Math.min(at, all.length()));
    }
    expected.append(all, Math.min(at, all.length()), all.length());
    Buffer out = Buffer.buffer();
    for (int passed = 0; passed < all.length(); ) {
      int next = within.nextClearBit(passed + 1 + random.nextInt(all.length() - passed));
      out.appendBuffer(edits.apply(Buffer.buffer(all.substring(passed, next))));
      passed = next;
    }
    assertThat(out.toString()).isEqualTo(expected.toString());
  }
}

package com.huntaze.rollout.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Any bytes as a file of the state directory. The first byte says which file, and whether what
 * follows is a whole file or the body of one that is sealed: a checksum would keep everything else
 * out.
 */
class StateFileFuzzTest {
  private static final int LONGEST = 300;
  private static final int SEALED = 4;

  /** It is read, or damaged in one sentence; what was read is read the same once written. */
  @FuzzTest(maxDuration = "10m")
  void isReadOrDamaged(byte[] data) {
    if (data.length == 0) {
      return;
    }
    byte[] file = Arrays.copyOfRange(data, 1, data.length);
    if ((data[0] & SEALED) != 0) {
      file = Envelope.seal(new String(file, StandardCharsets.UTF_8));
    }
    String written;
    try {
      written = rewritten(data[0] & 3, Envelope.open(file));
    } catch (DamagedException damaged) {
      assertThat(damaged.getMessage().length()).isBetween(1, LONGEST);
      assertThat(damaged.getMessage().chars()).noneMatch(Character::isISOControl);
      return;
    }
    try {
      assertThat(rewritten(data[0] & 3, Envelope.open(Envelope.seal(written)))).isEqualTo(written);
    } catch (DamagedException lost) {
      throw new AssertionError("what was written cannot be read: " + written, lost);
    }
  }

  private static String rewritten(int kind, String body) throws DamagedException {
    return switch (kind) {
      case 0 -> {
        SavedJson.Written state = SavedJson.read(body);
        yield SavedJson.write(state.saved(), state.term());
      }
      case 1 -> SavedJson.writeMarker(SavedJson.readMarker(body));
      default -> LedgerJson.write(LedgerJson.read(body));
    };
  }
}

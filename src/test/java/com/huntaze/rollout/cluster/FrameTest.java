package com.huntaze.rollout.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.huntaze.rollout.cluster.Frame.Kind;
import com.huntaze.rollout.cluster.Frame.StrangeFrameException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FrameTest {
  private static final Path FIXTURES = Path.of("src/test/resources/cluster/frames.txt");
  private static final JsonObject BODY =
      new JsonObject().put("replica", "5f0c2a91").put("leads", true).put("term", 3L);
  private static final int MAJOR_AT = 4;
  private static final int MINOR_AT = 5;
  private static final int KIND_AT = 6;
  private static final int LENGTH_AT = 7;
  private static final int HEAD = 11;

  private static byte[] changed(int at, int value) {
    byte[] bytes = Frame.of(Kind.STATUS, BODY).encode();
    bytes[at] = (byte) value;
    return bytes;
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void comesBackAsItWasSent(Kind kind) throws StrangeFrameException {
    Frame frame = Frame.of(kind, BODY);
    assertThat(Frame.decode(frame.encode())).contains(frame);
  }

  /** The stored frames of each minor version until now, as another replica has sent them. */
  @Test
  void storedFramesAreRead() {
    List<Frame> read = lines().stream().map(FrameTest::decode).toList();
    assertThat(read.stream().map(Frame::kind)).containsExactly(Kind.values());
    assertThat(read).allSatisfy(frame -> assertThat(frame.body()).isEqualTo(BODY));
  }

  private static List<String> lines() {
    try {
      return Files.readAllLines(FIXTURES);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private static Frame decode(String hex) {
    try {
      return Frame.decode(HexFormat.of().parseHex(hex)).orElseThrow();
    } catch (StrangeFrameException strange) {
      throw new AssertionError(strange);
    }
  }

  @Test
  void anotherMinorVersionIsReadAndItsNewKindsPassedOver() throws StrangeFrameException {
    assertThat(Frame.decode(changed(MINOR_AT, 9)))
        .hasValueSatisfying(frame -> assertThat(frame.minor()).isEqualTo(9));
    assertThat(Frame.decode(changed(KIND_AT, 99))).isEmpty();
  }

  @Test
  void anotherMajorVersionIsRefusedByItsNumber() {
    assertThatThrownBy(() -> Frame.decode(changed(MAJOR_AT, 2)))
        .isInstanceOf(StrangeFrameException.class)
        .hasMessage("major version 2 (expected: 1)")
        .satisfies(each -> assertThat(((StrangeFrameException) each).major()).isEqualTo(2));
  }

  @Test
  void whatIsCutOffOrTooLongIsNoFrame() {
    byte[] whole = Frame.of(Kind.ROWS, BODY).encode();
    IntStream.range(0, whole.length)
        .forEach(
            length ->
                assertThatThrownBy(() -> Frame.decode(Arrays.copyOf(whole, length)))
                    .isInstanceOf(StrangeFrameException.class));
    assertThatThrownBy(() -> Frame.decode(Arrays.copyOf(whole, whole.length + 1)))
        .isInstanceOf(StrangeFrameException.class);
    assertThatThrownBy(() -> Frame.decode(changed(LENGTH_AT, 0x7f)))
        .isInstanceOf(StrangeFrameException.class);
  }

  @Test
  void randomBytesAreNoFrame() {
    Random random = new Random(1);
    for (int i = 0; i < 10_000; i++) {
      byte[] bytes = new byte[random.nextInt(200)];
      random.nextBytes(bytes);
      if (i % 2 == 0 && bytes.length >= HEAD) {
        System.arraycopy(changed(MINOR_AT, 0), 0, bytes, 0, LENGTH_AT);
        ByteBuffer.wrap(bytes).putInt(LENGTH_AT, bytes.length - HEAD);
      }
      assertThatThrownBy(() -> Frame.decode(bytes)).isInstanceOf(StrangeFrameException.class);
    }
  }

  @Test
  void aBodyThatUnpacksWithoutEndIsNotUnpacked() {
    byte[] packed = new byte[Frame.MOST_BYTES];
    Deflater deflater = new Deflater();
    deflater.setInput(new byte[Frame.MOST_UNPACKED + 1]);
    deflater.finish();
    int length = deflater.deflate(packed);
    deflater.end();
    byte[] bomb =
        ByteBuffer.allocate(HEAD + length)
            .put(changed(MINOR_AT, 0), 0, LENGTH_AT)
            .putInt(length)
            .put(packed, 0, length)
            .array();
    assertThat(bomb.length).isLessThan(20_000);
    assertThatThrownBy(() -> Frame.decode(bomb)).isInstanceOf(StrangeFrameException.class);
  }

  @Test
  void moreThanAnybodyReadsIsNotSent() {
    byte[] noise = new byte[3 * Frame.MOST_BYTES / 2];
    new Random(1).nextBytes(noise);
    Frame frame = Frame.of(Kind.NEWS, new JsonObject().put("noise", noise));
    assertThatThrownBy(frame::encode)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected: at most 1048576");
  }
}

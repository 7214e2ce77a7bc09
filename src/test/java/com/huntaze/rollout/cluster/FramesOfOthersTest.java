package com.huntaze.rollout.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.huntaze.rollout.cluster.Frame.Kind;
import com.huntaze.rollout.cluster.Frame.StrangeFrameException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The frames that processes of this minor version and the one before have sent, as {@code
 * .ci/frames} has recorded them: today's code reads each to the same meaning.
 */
class FramesOfOthersTest {
  private static final Path FOLDER = Path.of("src/test/resources/cluster");
  private static final int MINOR_AT = 5;
  private static final int KIND_AT = 6;

  /** A frame that was sent, with the body that its sender has meant. */
  record Sent(int minor, int number, JsonObject body, byte[] bytes) {
    private static Sent read(int minor, String line) {
      JsonObject told = new JsonObject(line);
      byte[] bytes = HexFormat.of().parseHex(told.getString("frame"));
      return new Sent(minor, told.getInteger("kind"), told.getJsonObject("body"), bytes);
    }

    @Override
    public String toString() {
      return "%s of minor %d, %d bytes".formatted(decoded(bytes).kind(), minor, bytes.length);
    }

    /** The same as a later version would send it, which tells more. */
    private Sent later() {
      JsonObject more = (JsonObject) withMore(body);
      Kind kind = decoded(bytes).kind();
      return new Sent(minor, number, more, new Frame(Frame.MINOR + 1, kind, more).encode());
    }
  }

  static Stream<Sent> sent() {
    return Stream.of(Frame.MINOR - 1, Frame.MINOR).flatMap(FramesOfOthersTest::sent);
  }

  private static Stream<Sent> sent(int minor) {
    try {
      return Files.readAllLines(FOLDER.resolve("sent-%d.jsonl".formatted(minor))).stream()
          .map(line -> Sent.read(minor, line));
    } catch (IOException missing) {
      throw new UncheckedIOException(
          "frames of minor %d (expected: those that .ci/frames records)".formatted(minor), missing);
    }
  }

  private static Frame decoded(byte[] bytes) {
    try {
      return Frame.decode(bytes).orElseThrow();
    } catch (StrangeFrameException strange) {
      throw new AssertionError(strange);
    }
  }

  @ParameterizedTest
  @MethodSource("sent")
  void isReadToTheSameMeaning(Sent sent) {
    Frame frame = decoded(sent.bytes());
    assertThat(frame.minor()).isEqualTo(sent.minor());
    assertThat((int) sent.bytes()[KIND_AT]).isEqualTo(sent.number());
    assertThat(frame.body()).isEqualTo(sent.body());
    assertThat(contains(understood(frame), sent.body())).isTrue();
  }

  /** Members that nobody here knows change nothing of what is known. */
  @ParameterizedTest
  @MethodSource("sent")
  void aLaterVersionIsReadToTheSameMeaning(Sent sent) {
    Frame frame = decoded(sent.later().bytes());
    assertThat(frame.minor()).isEqualTo(Frame.MINOR + 1);
    assertThat(contains(understood(frame), sent.body())).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {23, 26, 255})
  void aKindOfALaterVersionIsPassedOver(int number) throws StrangeFrameException {
    byte[] bytes = Frame.of(Kind.STATUS, new JsonObject()).encode();
    bytes[MINOR_AT] = (byte) (Frame.MINOR + 1);
    bytes[KIND_AT] = (byte) number;
    assertThat(Frame.decode(bytes)).isEmpty();
  }

  @Test
  void thereIsOneOfEachKindThatAVersionHas() {
    assertThat(kinds(Frame.MINOR)).isEqualTo(Set.of(Kind.values()));
    assertThat(kinds(Frame.MINOR - 1)).contains(Kind.STATUS, Kind.ROWS, Kind.NEWS, Kind.EXCHANGES);
  }

  private static Set<Kind> kinds(int minor) {
    return sent(minor).map(each -> decoded(each.bytes()).kind()).collect(Collectors.toSet());
  }

  /** A body after it was read for good, as far as this package does that. */
  private static JsonObject understood(Frame frame) {
    JsonObject body = frame.body();
    return switch (frame.kind()) {
      case ROWS, KEPT -> RowsJson.write(RowsJson.read(body));
      case SIDE -> SideJson.write(SideJson.id(body), SideJson.read(body));
      case EXCHANGES -> ExchangesJson.write(ExchangesReader.read(body), body.getInteger("l"));
      default -> body;
    };
  }

  /** Everything that is wanted is there, whatever else is. */
  private static boolean contains(Object there, Object wanted) {
    Object has = plain(there);
    Object part = plain(wanted);
    if (part instanceof JsonObject object) {
      return has instanceof JsonObject whole
          && object.stream()
              .allMatch(each -> contains(whole.getValue(each.getKey()), each.getValue()));
    }
    if (part instanceof JsonArray array) {
      return has instanceof JsonArray whole
          && whole.size() == array.size()
          && Stream.iterate(0, i -> i < array.size(), i -> i + 1)
              .allMatch(i -> contains(whole.getValue(i), array.getValue(i)));
    }
    return part == null ? has == null : part.equals(has);
  }

  /** As it is on the wire. */
  private static Object plain(Object value) {
    return new JsonArray(new JsonArray().add(value).encode()).getValue(0);
  }

  private static Object withMore(Object value) {
    if (value instanceof JsonObject object) {
      JsonObject more = new JsonObject();
      // Models have the names that clients give them: no version adds to these.
      object.forEach(
          each ->
              more.put(
                  each.getKey(),
                  each.getKey().equals("m") ? each.getValue() : withMore(each.getValue())));
      return more.put("ofALaterVersion", 1);
    }
    if (value instanceof JsonArray array) {
      return new JsonArray(array.stream().map(FramesOfOthersTest::withMore).toList());
    }
    return value;
  }

  @Test
  void whatIsMissingIsToldAsSuch() {
    assertThat(contains(new JsonObject(), new JsonObject().put("a", 1))).isFalse();
    assertThatThrownBy(() -> sent(99)).hasMessageContaining(".ci/frames");
    assertThat(List.of(withMore(new JsonArray().add(1)))).containsExactly(new JsonArray().add(1));
  }
}

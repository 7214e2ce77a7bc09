package com.huntaze.rollout.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A copy is inflated wherever the body is cut, and never too far. */
class InflationTest {
  private static final byte[] TEXT =
      "{\"choices\":[{\"message\":{\"content\":\"hi, hi, hi and hi\"}}]}"
          .getBytes(StandardCharsets.UTF_8);

  private static byte[] gzip(byte[] plain) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(bytes)) {
      out.write(plain);
    }
    return bytes.toByteArray();
  }

  private static byte[] deflate(byte[] plain, boolean bare) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out =
        new DeflaterOutputStream(bytes, new Deflater(Deflater.BEST_COMPRESSION, bare))) {
      out.write(plain);
    }
    return bytes.toByteArray();
  }

  /** The same member behind a head that has every part that a head may have. */
  private static byte[] withAllParts(byte[] gzip) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    byte[] head = Arrays.copyOf(gzip, 10);
    head[3] = 2 | 4 | 8 | 16;
    bytes.writeBytes(head);
    bytes.writeBytes(new byte[] {3, 0, 'x', 'y', 'z'});
    bytes.writeBytes("name\0comment\0".getBytes(StandardCharsets.US_ASCII));
    bytes.writeBytes(new byte[] {1, 2});
    bytes.write(gzip, 10, gzip.length - 10);
    return bytes.toByteArray();
  }

  private static byte[] copy(Inflation inflation, byte[] body, int... cuts) {
    ByteArrayOutputStream plain = new ByteArrayOutputStream();
    int at = 0;
    for (int cut : cuts) {
      inflation.feed(body, at, cut, (data, from, to) -> plain.write(data, from, to - from));
      at = cut;
    }
    inflation.feed(body, at, body.length, (data, from, to) -> plain.write(data, from, to - from));
    inflation.close();
    return plain.toByteArray();
  }

  private static void isReadWhereverItIsCut(ContentCoding coding, byte[] body, byte[] plain) {
    for (int first = 0; first <= body.length; first++) {
      for (int second = first; second <= body.length; second += 7) {
        Inflation inflation = Inflation.of(coding);
        assertThat(copy(inflation, body, first, second)).isEqualTo(plain);
        assertThat(inflation.isBroken() || inflation.isTooLarge()).isFalse();
      }
    }
  }

  @Test
  void readsGzipWithWhateverIsInItsHead() throws IOException {
    isReadWhereverItIsCut(ContentCoding.GZIP, gzip(TEXT), TEXT);
    isReadWhereverItIsCut(ContentCoding.GZIP, withAllParts(gzip(TEXT)), TEXT);
  }

  @Test
  void readsMembersOneAfterAnotherAndNoPadding() throws IOException {
    ByteArrayOutputStream two = new ByteArrayOutputStream();
    two.writeBytes(gzip(Arrays.copyOf(TEXT, 9)));
    two.writeBytes(gzip(Arrays.copyOfRange(TEXT, 9, TEXT.length)));
    two.writeBytes(new byte[5]);
    isReadWhereverItIsCut(ContentCoding.GZIP, two.toByteArray(), TEXT);
  }

  @Test
  void readsBothFormsOfDeflate() throws IOException {
    isReadWhereverItIsCut(ContentCoding.DEFLATE, deflate(TEXT, false), TEXT);
    isReadWhereverItIsCut(ContentCoding.DEFLATE, deflate(TEXT, true), TEXT);
  }

  @Test
  void whatWasFlushedIsReadAtOnce() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    GZIPOutputStream out = new GZIPOutputStream(bytes, 512, true);
    out.write(TEXT);
    out.flush();
    assertThat(copy(Inflation.of(ContentCoding.GZIP), bytes.toByteArray())).isEqualTo(TEXT);
  }

  @Test
  void whatIsNotCompressedAsItShouldBeIsBroken() {
    for (ContentCoding coding : new ContentCoding[] {ContentCoding.GZIP, ContentCoding.DEFLATE}) {
      Inflation inflation = Inflation.of(coding);
      copy(inflation, TEXT);
      assertThat(inflation.isBroken()).isTrue();
    }
  }

  @Test
  void noBytesMakeItThrow() throws IOException {
    Random random = new Random(7);
    byte[] good = gzip(TEXT);
    for (int run = 0; run < 5_000; run++) {
      byte[] body = good.clone();
      for (int hits = random.nextInt(4); hits >= 0; hits--) {
        body[random.nextInt(body.length)] = (byte) random.nextInt(256);
      }
      copy(Inflation.of(ContentCoding.GZIP), body, random.nextInt(body.length));
      copy(Inflation.of(ContentCoding.DEFLATE), body, random.nextInt(body.length));
    }
  }

  @Test
  void aBombIsNotInflatedFarBeyondWhatCame() throws IOException {
    byte[] bomb = gzip(new byte[50_000_000]);
    Inflation inflation = Inflation.of(ContentCoding.GZIP);
    byte[] plain = copy(inflation, bomb);
    assertThat(inflation.isTooLarge()).isTrue();
    assertThat(plain.length)
        .isLessThanOrEqualTo((int) Math.max(Inflation.FREE_BYTES, 100L * bomb.length));
  }

  @Test
  void aBodyIsInflatedUpToItsLimitAlone() {
    byte[] noise = new byte[1_000_000];
    new Random(1).nextBytes(noise);
    Deflater deflater = new Deflater(Deflater.NO_COMPRESSION);
    byte[] piece = new byte[2_000_000];
    Inflation inflation = Inflation.of(ContentCoding.DEFLATE);
    CRC32 read = new CRC32();
    for (int i = 0; i < 70; i++) {
      deflater.setInput(noise);
      int length = deflater.deflate(piece, 0, piece.length, Deflater.SYNC_FLUSH);
      inflation.feed(piece, 0, length, (data, from, to) -> read.update(data, from, to - from));
    }
    deflater.end();
    assertThat(inflation.isTooLarge()).isTrue();
  }

  @Test
  void aBodyThatIsHereWholeIsGivenPlainUpToALimit() throws IOException {
    MultiMap headers = MultiMap.caseInsensitiveMultiMap().add("content-encoding", "gzip");
    Buffer body = Buffer.buffer(gzip(TEXT));
    assertThat(Inflation.plain(headers, body, 1_000)).isEqualTo(Buffer.buffer(TEXT));
    assertThat(Inflation.plain(headers, body, 10)).isNull();
    assertThat(Inflation.plain(headers, Buffer.buffer(TEXT), 1_000)).isNull();
    assertThat(Inflation.plain(headers, null, 1_000)).isNull();
    headers.set("content-encoding", "br");
    assertThat(Inflation.plain(headers, body, 1_000)).isNull();
    headers.remove("content-encoding");
    assertThat(Inflation.plain(headers, body, 10)).isSameAs(body);
  }

  @ParameterizedTest
  @CsvSource({
    "gzip, GZIP",
    "X-GZip, GZIP",
    "'identity, gzip', GZIP",
    "deflate, DEFLATE",
    "br, BR",
    "zstd, ZSTD",
    "compress, OTHER",
    "'gzip, gzip', OTHER",
    "identity, IDENTITY",
    "'', IDENTITY"
  })
  void aCodingIsKnownByItsName(String field, ContentCoding coding) {
    assertThat(ContentCoding.of(MultiMap.caseInsensitiveMultiMap().add("content-encoding", field)))
        .isEqualTo(coding);
  }

  @Test
  void severalFieldsAreSeveralCodings() {
    MultiMap headers = MultiMap.caseInsensitiveMultiMap();
    headers.add("content-encoding", "gzip").add("content-encoding", "br");
    assertThat(ContentCoding.of(headers)).isEqualTo(ContentCoding.OTHER);
    assertThat(ContentCoding.of(MultiMap.caseInsensitiveMultiMap()))
        .isEqualTo(ContentCoding.IDENTITY);
  }
}

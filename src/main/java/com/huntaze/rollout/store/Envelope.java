package com.huntaze.rollout.store;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The form of a file of ours: a line with magic, format version and length, the body, and a line
 * with the SHA-256 of all that stands before it. Every truncation and every flipped bit is noticed.
 */
final class Envelope {
  /** Larger than any state of ours: a file that says more is not one. */
  static final int MAX_BYTES = 16 * 1024 * 1024;

  private static final String MAGIC = "rollout-proxy-state";
  private static final int VERSION = 1;
  private static final int HASH_CHARS = 64;

  private Envelope() {}

  static byte[] seal(String body) {
    byte[] content = body.getBytes(StandardCharsets.UTF_8);
    byte[] head = head(content.length).getBytes(StandardCharsets.US_ASCII);
    byte[] whole = new byte[head.length + content.length + 1 + HASH_CHARS + 1];
    System.arraycopy(head, 0, whole, 0, head.length);
    System.arraycopy(content, 0, whole, head.length, content.length);
    int hashed = head.length + content.length + 1;
    whole[hashed - 1] = '\n';
    byte[] hash = hash(whole, hashed).getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(hash, 0, whole, hashed, HASH_CHARS);
    whole[whole.length - 1] = '\n';
    return whole;
  }

  /**
   * The body of a sealed file.
   *
   * @throws DamagedException with what is wrong with it
   */
  static String open(byte[] whole) throws DamagedException {
    int headEnd = headEnd(whole);
    String head = new String(whole, 0, headEnd + 1, StandardCharsets.US_ASCII);
    int hashed = whole.length - HASH_CHARS - 1;
    int length = hashed - 1 - (headEnd + 1);
    String version = MAGIC + " ";
    if (!head.startsWith(version)) {
      throw new DamagedException("no state file of this program");
    }
    if (!head.startsWith(version + VERSION + " ")) {
      throw new DamagedException("format %s (expected: %d)".formatted(head.strip(), VERSION));
    }
    if (length < 0 || !head.equals(head(length))) {
      throw new DamagedException(
          "%d bytes (expected: as many as its first line says)".formatted(whole.length));
    }
    String expected = hash(whole, hashed) + "\n";
    if (!expected.equals(new String(whole, hashed, HASH_CHARS + 1, StandardCharsets.ISO_8859_1))) {
      throw new DamagedException("its checksum does not match");
    }
    return new String(whole, headEnd + 1, length, StandardCharsets.UTF_8);
  }

  private static int headEnd(byte[] whole) throws DamagedException {
    for (int i = 0; i < Math.min(whole.length, 64); i++) {
      if (whole[i] == '\n') {
        return i;
      }
    }
    throw new DamagedException(whole.length == 0 ? "it is empty" : "no state file of this program");
  }

  private static String head(int length) {
    return "%s %d %d\n".formatted(MAGIC, VERSION, length);
  }

  private static String hash(byte[] whole, int length) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      sha256.update(whole, 0, length);
      return HexFormat.of().formatHex(sha256.digest());
    } catch (NoSuchAlgorithmException impossible) {
      throw new AssertionError(impossible);
    }
  }
}

package com.huntaze.rollout.proxy;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Stands for a user's key in logs: the same for the same key on every replica, and not the key. The
 * first 64 bits of SHA-256; whoever may guess at keys can check a guess, so it hides no key that is
 * easy to guess.
 */
final class UserHash {
  private static final int BYTES = 8;
  private static final ThreadLocal<MessageDigest> DIGEST = ThreadLocal.withInitial(UserHash::sha);

  private UserHash() {}

  private static MessageDigest sha() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** Sixteen hexadecimal digits. */
  static String of(String userKey) {
    byte[] digest = DIGEST.get().digest(userKey.getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().formatHex(digest, 0, BYTES);
  }
}

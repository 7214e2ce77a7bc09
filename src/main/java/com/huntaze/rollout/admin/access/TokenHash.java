package com.huntaze.rollout.admin.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The SHA-256 of a token, by which it is known and compared. */
public final class TokenHash {
  private TokenHash() {}

  /** The hash as 64 lower-case hexadecimal digits. */
  public static String text(String token) {
    return HexFormat.of().formatHex(of(token));
  }

  static byte[] of(String token) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}

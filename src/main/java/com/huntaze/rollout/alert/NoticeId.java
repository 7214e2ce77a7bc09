package com.huntaze.rollout.alert;

import com.huntaze.rollout.canary.Alert;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Set;
import java.util.UUID;

/**
 * The ids of notices. Of what happens to the rollout, which every replica tells alike, the id is
 * made of kind, subject and occasion: whoever sends it, receivers know it again.
 */
final class NoticeId {
  private static final int BYTES = 16;

  /** The time after which the same thing, at the same occasion, is another page. */
  private static final long AGAIN_MILLIS = 600_000;

  private static final Set<Alert.Kind> RECUR =
      EnumSet.of(
          Alert.Kind.HOLD,
          Alert.Kind.HOLD_OVER,
          Alert.Kind.THRESHOLD,
          Alert.Kind.THRESHOLD_OVER,
          Alert.Kind.CLUSTER_PARTED,
          Alert.Kind.CLUSTER_PARTED_OVER);

  private NoticeId() {}

  static String of(Alert alert) {
    return "msg_" + (isAlike(alert) ? made(alert) : random());
  }

  private static boolean isAlike(Alert alert) {
    return alert.kind().ofRollout() && !alert.occasion().isEmpty();
  }

  private static String made(Alert alert) {
    long again = RECUR.contains(alert.kind()) ? alert.at() / AGAIN_MILLIS : 0;
    String text =
        String.join(
            "\n", alert.kind().label(), alert.subject(), alert.occasion(), Long.toString(again));
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, BYTES);
    } catch (NoSuchAlgorithmException none) {
      throw new AssertionError(none);
    }
  }

  private static String random() {
    return UUID.randomUUID().toString().replace("-", "");
  }
}

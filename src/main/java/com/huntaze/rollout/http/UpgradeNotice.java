package com.huntaze.rollout.http;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says in the log, once in a process, that a client wished to speak another protocol. The wish is
 * ignored, as RFC 9110 §7.8 allows; whoever wonders why a WebSocket does not open finds the reason.
 */
final class UpgradeNotice {
  private static final Logger log = LoggerFactory.getLogger(UpgradeNotice.class);
  private static final Pattern PROTOCOLS = Pattern.compile("[\\w/., -]{1,40}");
  private static final AtomicBoolean said = new AtomicBoolean();

  private UpgradeNotice() {}

  /**
   * @param upgrade the value of {@code Upgrade}, {@code null} = there was none
   */
  static void of(String upgrade) {
    if (upgrade != null && said.compareAndSet(false, true)) {
      log.info(
          "A client asked for another protocol (Upgrade: {}): upgrades are not passed on, and such"
              + " a request is answered as any other. This is said once.",
          PROTOCOLS.matcher(upgrade).matches() ? upgrade : "unreadable");
    }
  }
}

package com.huntaze.rollout.proxy;

import com.huntaze.rollout.provider.Provider;
import java.time.Duration;

/**
 * How long the beginning of an answer is held back: for a while, and a little longer when its
 * provider has not answered a probe since its last byte. A router that fell silent after its head
 * would else bind the client to itself, while another provider can still answer.
 */
final class HoldBack {
  private final WaitingPursuits waiting;
  private final Duration hold;
  private final Duration patience;
  private long deadline = Long.MAX_VALUE;
  private boolean waitsForProbe;

  /**
   * @param hold how long a preamble is held
   * @param patience how long, after that, the provider's probe is waited for
   */
  HoldBack(WaitingPursuits waiting, Duration hold, Duration patience) {
    this.waiting = waiting;
    this.hold = hold;
    this.patience = patience;
  }

  /** As it is configured, with the probes of this event loop. */
  static HoldBack of(Resources resources) {
    return new HoldBack(
        resources.waiting(), resources.server().holdBack(), resources.failover().probePatience());
  }

  void begin() {
    deadline = Monotonic.millis() + hold.toMillis();
  }

  void end() {
    deadline = Long.MAX_VALUE;
    waitsForProbe = false;
  }

  /** When it has lasted long enough, {@link Monotonic#millis}. */
  long deadline() {
    return deadline;
  }

  /**
   * The deadline has passed: whether it is over, or goes on until the provider's probe is heard.
   *
   * @param lastByteNanos when the answer's last byte came
   * @param replaceable whether another provider could answer
   */
  boolean over(Provider provider, long lastByteNanos, boolean replaceable) {
    boolean goesOn = replaceable && !waitsForProbe && waiting.doubtful(provider, lastByteNanos);
    end();
    if (goesOn) {
      waitsForProbe = true;
      deadline = Monotonic.millis() + patience.toMillis();
    }
    return !goesOn;
  }

  /** Whether it only goes on for a probe, and that has been answered by now. */
  boolean answered(Provider provider, long lastByteNanos) {
    return waitsForProbe && !waiting.doubtful(provider, lastByteNanos);
  }
}

package com.huntaze.rollout.relay;

import com.huntaze.rollout.admission.BufferMemory;
import com.huntaze.rollout.outcome.Outcome;
import com.huntaze.rollout.traffic.ProviderChoice;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import java.util.function.Consumer;

/**
 * The failing answers of one exchange, taken in whole one after the other, while it is open whether
 * another attempt makes up for them; the last one is kept. One that is too large or breaks off is
 * not: its bounds are the memory and the time that a failure may cost.
 */
public final class HeldAnswers {
  private final int limit;
  private final BufferMemory memory;
  private long counted;
  private HeldAnswer last;
  private Intake intake;

  /**
   * @param limit the largest body that is kept, in bytes
   * @param memory counts them
   */
  public HeldAnswers(int limit, BufferMemory memory) {
    this.limit = limit;
    this.memory = memory;
  }

  /** The exchange is over: they are with the client, or nobody wants them. */
  public void forget() {
    memory.release(counted);
    counted = 0;
  }

  /** The last one that was kept; {@code null} without one. */
  public HeldAnswer last() {
    return last;
  }

  /**
   * Keeps one as far as it is here, whatever comes of its body.
   *
   * @param body what is here of its body
   */
  public void keep(ProviderChoice from, Outcome outcome, HttpClientResponse answer, Buffer body) {
    counted += body.length();
    memory.take(body.length());
    last = HeldAnswer.of(from, outcome, answer, body);
  }

  /**
   * Takes one in; must be called in the same turn in which its head arrived.
   *
   * @param from whose it is
   * @param outcome what its head means
   * @param then told once, when that is over; {@code null} = it is not here whole; not when it is
   *     cancelled
   */
  public void take(
      ProviderChoice from, Outcome outcome, HttpClientResponse answer, Consumer<HeldAnswer> then) {
    Intake now = new Intake(HeldAnswer.of(from, outcome, answer, Buffer.buffer()), then);
    intake = now;
    answer.handler(now::received);
    answer.endHandler(end -> now.finish(true));
    answer.exceptionHandler(cause -> now.finish(false));
  }

  /** Nobody wants it any more. */
  public void cancel() {
    intake = null;
  }

  /** One that is being taken in; what it hears after its end means nothing. */
  private final class Intake {
    private final HeldAnswer begun;
    private final Consumer<HeldAnswer> then;

    Intake(HeldAnswer begun, Consumer<HeldAnswer> then) {
      this.begun = begun;
      this.then = then;
    }

    void received(Buffer piece) {
      if (intake != this) {
        return;
      }
      begun.body().appendBuffer(piece);
      counted += piece.length();
      memory.take(piece.length());
      if (begun.body().length() > limit || memory.scarce()) {
        finish(false);
      }
    }

    void finish(boolean whole) {
      if (intake != this) {
        return;
      }
      intake = null;
      last = whole ? begun : last;
      then.accept(whole ? begun : null);
    }
  }
}

package com.huntaze.rollout;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * The only place where tests wait for what becomes true in its own time.
 *
 * <p>A condition that throws is not true yet: before its first verdict the judge has no sentence,
 * and a proxy that starts refuses connections. The last thing thrown is the cause of the error that
 * ends a wait in vain. The bound is meant for a machine that is busy with eight other things; a
 * wait that comes true ends at once, so that its length costs nothing.
 */
public final class Waits {
  /** Longer than anything takes on a machine under a load of eight a core. */
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(5);

  private Waits() {}

  /** Something to do between two looks, which may fail; its failure ends the wait. */
  @FunctionalInterface
  public interface Step {
    void run() throws Exception;
  }

  /** Waits until the condition holds. */
  public static void until(Callable<Boolean> condition) {
    until(() -> "the condition", condition);
  }

  /** Waits until the condition holds; the situation is told when it never does. */
  public static void until(Supplier<?> situation, Callable<Boolean> condition) {
    look(situation, condition, held -> held, Waits::rest);
  }

  /** Waits until all assertions hold. */
  public static void untilAsserted(Step assertions) {
    until(
        () -> {
          assertions.run();
          return true;
        });
  }

  /** Looks until what is seen is as wanted, and returns it. */
  public static <T> T until(Callable<T> look, Predicate<? super T> wanted) {
    return until(look, wanted, Waits::rest);
  }

  /** Does something between two looks, until what is seen is as wanted. */
  public static <T> T until(Callable<T> look, Predicate<? super T> wanted, Step meanwhile) {
    return look(() -> "what was looked at", look, wanted, meanwhile);
  }

  /** The same; the situation is told when it is never as wanted. */
  public static <T> T until(
      Supplier<?> situation, Callable<T> look, Predicate<? super T> wanted, Step meanwhile) {
    return look(situation, look, wanted, meanwhile);
  }

  private static <T> T look(
      Supplier<?> situation, Callable<T> look, Predicate<? super T> wanted, Step meanwhile) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      Object seen;
      Throwable thrown = null;
      try {
        T value = look.call();
        if (wanted.test(value)) {
          return value;
        }
        seen = value;
      } catch (Exception | AssertionError notYet) {
        seen = notYet;
        thrown = notYet;
      }
      if (System.nanoTime() - deadline > 0 || Thread.currentThread().isInterrupted()) {
        throw new AssertionError(
            "%s: %s after %s".formatted(told(situation), seen, PATIENCE), thrown);
      }
      step(meanwhile);
    }
  }

  /** A description that cannot be made hides no wait in vain. */
  private static Object told(Supplier<?> situation) {
    try {
      return situation.get();
    } catch (RuntimeException | AssertionError untold) {
      return untold;
    }
  }

  private static void step(Step meanwhile) {
    try {
      meanwhile.run();
    } catch (Exception failure) {
      throw new AssertionError("between two looks", failure);
    }
  }

  private static void rest() {
    LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
  }

  /**
   * A bound that a promise sets on a machine that has nothing else to do, stretched by what the
   * machine does besides: with eight threads for each core everything takes eight times as long.
   */
  public static Duration bound(Duration onAQuietMachine) {
    return onAQuietMachine.multipliedBy(threadsPerCore());
  }

  private static long threadsPerCore() {
    try {
      // "8.13 4.20 1.75 9/512 4711": over a minute, five, fifteen; running of all; the last
      // process.
      String[] loads = Files.readString(Path.of("/proc/loadavg")).split("[ /]");
      double busy = Math.max(Double.parseDouble(loads[0]), Double.parseDouble(loads[3]));
      return Math.max(1, (long) Math.ceil(busy / Runtime.getRuntime().availableProcessors()));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /** Lets time pass that belongs to what is tested: the pace of a client, the age of a request. */
  public static void pause(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    while (System.nanoTime() - end < 0 && !Thread.currentThread().isInterrupted()) {
      LockSupport.parkNanos(end - System.nanoTime());
    }
  }
}

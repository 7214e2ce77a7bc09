package com.huntaze.rollout.doctor;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** Runs all checks at the same time, and waits for them together no longer than it is told to. */
public final class Examination {
  private final Duration patience;
  private final Consumer<String> waitingFor;

  /**
   * @param patience for all checks together
   * @param waitingFor is told the name of each check that is waited for
   */
  public Examination(Duration patience, Consumer<String> waitingFor) {
    this.patience = patience;
    this.waitingFor = waitingFor;
  }

  /** Returns the findings, in the order of the checks. Blocks. */
  public List<Finding> of(List<Check> checks) throws InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    ExecutorService threads =
        Executors.newCachedThreadPool(
            work -> {
              // A look-up of a name cannot be interrupted: it must not keep the process alive.
              Thread thread = new Thread(work, "doctor");
              thread.setDaemon(true);
              return thread;
            });
    try {
      List<Future<List<Finding>>> looks =
          checks.stream().map(check -> threads.submit(check.look())).toList();
      List<Finding> all = new ArrayList<>();
      for (int i = 0; i < checks.size(); i++) {
        waitingFor.accept(checks.get(i).name());
        all.addAll(await(checks.get(i), looks.get(i), deadline));
      }
      return all;
    } finally {
      threads.shutdownNow();
    }
  }

  private List<Finding> await(Check check, Future<List<Finding>> look, long deadline)
      throws InterruptedException {
    try {
      long left = Math.max(0, deadline - System.nanoTime());
      return look.get(left, TimeUnit.NANOSECONDS);
    } catch (TimeoutException late) {
      return List.of(
          Finding.fail(
              check.name(),
              "no answer within %d ms".formatted(patience.toMillis()),
              "look at what it waits for, or give it more with --timeout"));
    } catch (ExecutionException failed) {
      return List.of(
          Finding.fail(
              check.name(),
              "could not be looked at: " + failed.getCause(),
              "run the command as the user that runs the proxy"));
    }
  }
}

package com.huntaze.rollout.control;

import io.vertx.core.json.JsonObject;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One second of the judge's: with all metrics, all parts of the traffic in use, 3,000 users and
 * four event loops. To reach (step 8): a tick within 5 ms.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class JudgeTickBenchmark {
  private static final int A_SECOND = 100;
  private static final int WARM_SECONDS = 1_800;

  private final BusyJudge judge = new BusyJudge(3_000, "");

  /** Half an hour of traffic. */
  @Setup(Level.Trial)
  public void warm() {
    for (int i = 0; i < WARM_SECONDS; i++) {
      judge.second(A_SECOND);
      judge.tick();
    }
  }

  /** A tick, its answer for people and programs included. */
  @Benchmark
  public JsonObject tickAlone() {
    return judge.tick();
  }

  /** The same, with the 100 exchanges that ended since the last one. */
  @Benchmark
  public JsonObject secondOfTraffic() {
    judge.second(A_SECOND);
    return judge.tick();
  }

  /** The checkpoint as it is written, at most every second. */
  @Benchmark
  public String checkpoint() {
    return judge.checkpoint();
  }
}

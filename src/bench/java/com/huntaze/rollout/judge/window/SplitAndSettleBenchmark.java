package com.huntaze.rollout.judge.window;

import com.huntaze.rollout.config.ConfigLoader;
import com.huntaze.rollout.health.HealthSettings;
import com.huntaze.rollout.provider.Provider;
import com.huntaze.rollout.traffic.GoldenRatioSequence;
import com.huntaze.rollout.traffic.TrafficSplitter;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The canary's part of a request: choosing its side, and recording what became of it. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class SplitAndSettleBenchmark {
  private static final String EPOCH = "1-a";
  private static final int USERS = 1_024;

  private final String[] users = new String[USERS];
  private TrafficSplitter splitter;
  private ObservationCounter counter;
  private UserSampler once;
  private int turn;

  @Setup
  public void begin() {
    for (int i = 0; i < USERS; i++) {
      users[i] = "user-" + i * 7_919L;
    }
    splitter = new TrafficSplitter("rollout", new GoldenRatioSequence(1));
    splitter.updatePercentage(50);
    once = new UserSampler();
    HealthSettings settings = ConfigLoader.parse(new JsonObject(), Map.of()).settings().health();
    counter = new ObservationCounter("bench", Thresholds.of(settings));
    counter.began(EPOCH, 0);
  }

  /** A request of a user. */
  @Benchmark
  public Observation sticky() {
    String user = users[++turn & USERS - 1];
    Provider provider = splitter.shouldUseFoundry(user) ? Provider.FOUNDRY : Provider.LEGACY;
    long hash = UserSampler.hash(user);
    boolean sampled = once.first(hash, turn);
    return settled(counter.open(provider, EPOCH, 0, Requester.of(hash), sampled));
  }

  /** A request without a user key. */
  @Benchmark
  public Observation keyless() {
    ++turn;
    Provider provider = splitter.shouldUseFoundry(null) ? Provider.FOUNDRY : Provider.LEGACY;
    return settled(counter.open(provider, EPOCH, 0));
  }

  private Observation settled(Observation observation) {
    observation.settle(true, turn & 1_023, 1_000_000, "Phi-4-mini");
    return observation;
  }
}

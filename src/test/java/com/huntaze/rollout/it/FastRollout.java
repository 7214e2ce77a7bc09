package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.Waits;
import com.huntaze.rollout.provider.Provider;
import com.huntaze.rollout.simulate.FaultyUpstream;
import com.huntaze.rollout.simulate.WireFault;
import com.huntaze.rollout.simulate.WireFault.Plain;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;

/**
 * A rollout of the packaged jar whose clocks go several times as fast as everybody's (libfaketime),
 * so that the production settings, and what no setting changes (the sampler's ten seconds, the
 * breaker's ten minutes), apply as they are. One stage of 50 % that never ends; the plain rule is
 * silent, and slowness decides nothing, where a scenario does not say otherwise. A pause of the
 * machine is as many times as long for the proxy, so no timeout and no probe is short.
 */
final class FastRollout implements AutoCloseable {
  private static final int SHARE = 50;

  /**
   * A quick start, two processors on every machine, and event loops that wait by a timer: else they
   * do by {@code epoll_pwait2}, which libfaketime does not know, and so in everybody's time.
   */
  private static final String JVM =
      "-XX:TieredStopAtLevel=1 -XX:ActiveProcessorCount=2 -Xmx192m"
          + " -Dio.netty.channel.epoll.epollWaitThreshold=0";

  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);

  private final Vertx vertx = Vertx.vertx();
  private final FaultyUpstream foundry = RunningProxy.await(FaultyUpstream.start(vertx, "foundry"));
  private final FaultyUpstream legacy = RunningProxy.await(FaultyUpstream.start(vertx, "legacy"));
  private final Map<String, Integer> answers = new TreeMap<>();
  private final Map<String, String> more;
  private final long begun = System.nanoTime();
  private final Path stateDir;
  private final JsonObject settings;
  private final int times;
  private RolloutProcess process;
  private Crowd crowd;
  private long marked;
  private double took;
  private int openings;
  private int sentAgain;
  private boolean wasClosed = true;

  /**
   * Starts the process and its rollout.
   *
   * @param times how many times as fast its clocks go
   * @param more environment of the process
   */
  FastRollout(int times, Path stateDir, JsonObject changes, Map<String, String> more)
      throws Exception {
    this.times = times;
    this.stateDir = stateDir;
    this.more = more;
    Path prices =
        Files.createDirectories(stateDir).resolveSibling(stateDir.getFileName() + ".prices");
    Files.writeString(prices, "{\"models\":{\"Phi-4-mini\":{\"input\":\"1\",\"output\":\"1\"}}}");
    settings = production().put("prices", prices.toString()).mergeIn(changes, true);
    process = launch();
    try {
      begin();
    } catch (RuntimeException | AssertionError failure) {
      close();
      throw failure;
    }
  }

  /** A command has five seconds of a fast clock, which a busy machine may not keep: 503, again. */
  private void begin() {
    process.until(
        RolloutProcess.percentage(SHARE),
        () -> {
          process.command("start");
          Waits.pause(Duration.ofMillis(200));
        });
  }

  private static JsonObject production() {
    JsonObject only = new JsonObject().put("phase", "only").put("percentage", SHARE);
    JsonObject observed = new JsonObject().put("action", "observe");
    return new JsonObject()
        .put("canary", new JsonObject().put("stages", new JsonArray().add(only)))
        .put(
            "health",
            new JsonObject()
                .put("evaluateEvery", "1s")
                .put("minRequests", 1_000_000)
                .put("latencyP95", observed))
        .put("providers", patient())
        .put(
            "timeouts", new JsonObject().put("toFirstContent", "1h").put("fallbackReserve", "20m"));
  }

  /** A connection that a busy machine makes in 50 ms takes two seconds of a clock times 40. */
  private static JsonObject patient() {
    JsonObject each =
        new JsonObject()
            .put("connect", "1m")
            .put("idle", "1h")
            .put("probe", new JsonObject().put("interval", "1h").put("timeout", "1m"));
    return new JsonObject().put("foundry", each).put("legacy", each.copy());
  }

  private RolloutProcess launch() throws Exception {
    Map<String, String> environment = new HashMap<>(more);
    environment.put("JAVA_TOOL_OPTIONS", JVM);
    if (times > 1) {
      // The clock of a process that starts again goes on where the one before was.
      long sinceBegin = System.nanoTime() - begun;
      environment.putAll(FakedClock.fast(times, (times - 1) * sinceBegin / 1_000_000_000));
    }
    return RolloutProcess.start(environment, foundry.url(), legacy.url(), stateDir, settings);
  }

  /** SIGKILL amid the traffic; the next process goes on from what the disk has. */
  void crash() throws Exception {
    process.kill();
    // What the kill itself cuts off is no error of the product's.
    crowd
        .end()
        .forEach((answer, count) -> count(answer.contains("xception") ? "cut" : answer, count));
    crowd = null;
    process = launch();
  }

  private void count(String answer, int count) {
    answers.merge(answer, count, Integer::sum);
  }

  RolloutProcess process() {
    return process;
  }

  /** As many users ask at this rate from now on, by the proxy's clock; 0 = without user keys. */
  Crowd crowd(int users, DoubleUnaryOperator perSecond, String... headers) {
    endCrowd();
    crowd = new Crowd(process.url(), times, users, perSecond, this::isReached, headers);
    return crowd;
  }

  private boolean isReached(String correlationId) {
    return foundry.ledger().begun(correlationId) + legacy.ledger().begun(correlationId) > 0;
  }

  private void endCrowd() {
    if (crowd != null) {
      crowd.end().forEach(this::count);
      sentAgain += crowd.sentAgain();
      crowd = null;
    }
  }

  /** Foundry's answers from now on, by correlation id; probes are answered well. */
  void foundry(Function<String, WireFault> ofEach) {
    foundry.become(wellProbed(ofEach));
  }

  /** Legacy's answers from now on, by correlation id; probes are answered well. */
  void legacy(Function<String, WireFault> ofEach) {
    legacy.become(wellProbed(ofEach));
  }

  private static Function<String, WireFault> wellProbed(Function<String, WireFault> ofEach) {
    return id -> id.isEmpty() ? Plain.NONE : ofEach.apply(id);
  }

  /** Lets so many seconds of the proxy's clock pass; ends at once with a rollback. */
  void pass(double seconds) {
    long end = System.nanoTime() + (long) (seconds * 1e9 / times);
    Waits.until(() -> System.nanoTime() - end >= 0 || isRolledBack(), done -> done, this::rest);
    took = seconds();
  }

  /** Waits until the latest verdict says so, at most so many seconds of the proxy's clock. */
  void awaitSentence(String part, double seconds) {
    long end = System.nanoTime() + (long) (seconds * 1e9 / times);
    Waits.until(
        () -> System.nanoTime() - end >= 0 || sentence().contains(part), done -> done, this::rest);
    assertThat(sentence()).contains(part);
  }

  private void rest() {
    watchBreaker();
    Waits.pause(BETWEEN_LOOKS);
  }

  /** Asks its API until it answers: on a busy machine a fast clock runs out before the answer. */
  private static <T> T answered(Callable<T> question) {
    return Waits.until(question, answer -> true);
  }

  /** From now on time is counted, see {@link #seconds()}. */
  void mark() {
    marked = System.nanoTime();
  }

  /** Seconds of the proxy's clock since {@link #mark()}. */
  double seconds() {
    return times * (System.nanoTime() - marked) / 1e9;
  }

  boolean isRolledBack() {
    return answered(process::state).getInteger("percentage") == 0;
  }

  /** The sentence of the rollback, or of the latest verdict. */
  String sentence() {
    return isRolledBack()
        ? answered(process::state).getString("reason")
        : answered(process::health).getString("sentence");
  }

  /** Figures of a provider's in this stage. */
  JsonObject totals(String provider) {
    return answered(process::health).getJsonObject(provider + "Totals").getJsonObject("all");
  }

  /** Returns the number of times that Foundry's breaker was seen to open. */
  int openings() {
    return openings;
  }

  private void watchBreaker() {
    boolean isClosed = answered(() -> process.breaker(Provider.FOUNDRY.label())).equals("closed");
    openings += wasClosed && !isClosed ? 1 : 0;
    wasClosed = isClosed;
  }

  /** The rollout goes on as it was, and the API tells of no rollback. */
  void assertKept() {
    assertThat(answered(process::rollbacks)).as(this::sentence).isEmpty();
    assertThat(answered(process::state).getInteger("percentage")).isEqualTo(SHARE);
  }

  /** Waits for the rollback, at most so many seconds of the proxy's clock since the mark. */
  void assertRolledBackWithin(double most) {
    pass(most - seconds());
    assertThat(answered(process::state).getInteger("percentage")).as(this::sentence).isZero();
    assertThat(answered(process::rollbacks).size()).isEqualTo(1);
  }

  /** Ends the traffic and tells what clients got, as {@code 200 legacy}. */
  Map<String, Integer> answers() {
    endCrowd();
    return answers;
  }

  /** Those of the answers that are none, but for what a kill has cut off. */
  static Map<String, Integer> errors(Map<String, Integer> answers) {
    Map<String, Integer> errors = new TreeMap<>(answers);
    errors.keySet().removeIf(answer -> answer.startsWith("200 ") || answer.equals("cut"));
    return errors;
  }

  /** No client got anything but an answer. */
  void assertNoClientError() {
    assertThat(errors(answers())).isEmpty();
  }

  /** The observations that the sequential test of the error rate has taken. */
  long samples() {
    return answered(process::health)
        .getJsonObject("sequential")
        .getJsonObject("error")
        .getLong("samples");
  }

  /** One line of what happened. */
  @Override
  public String toString() {
    String verdict =
        isRolledBack()
            ? "rollback after %.0f s".formatted(took)
            : "kept for %.0f s".formatted(seconds());
    return "%s; foundry failed %d of %d; breaker opened %d times; clients %s, %d sent again; %s"
        .formatted(
            verdict,
            totals("foundry").getLong("errors"),
            totals("foundry").getLong("settled"),
            openings(),
            answers(),
            sentAgain,
            sentence());
  }

  @Override
  public void close() {
    try {
      endCrowd();
    } finally {
      process.close();
      RunningProxy.await(vertx.close());
    }
  }
}

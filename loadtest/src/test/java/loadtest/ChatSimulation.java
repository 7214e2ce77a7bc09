package loadtest;

import static io.gatling.javaapi.core.CoreDsl.StringBody;
import static io.gatling.javaapi.core.CoreDsl.constantUsersPerSec;
import static io.gatling.javaapi.core.CoreDsl.details;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.exitBlockOnFail;
import static io.gatling.javaapi.core.CoreDsl.feed;
import static io.gatling.javaapi.core.CoreDsl.global;
import static io.gatling.javaapi.core.CoreDsl.pause;
import static io.gatling.javaapi.core.CoreDsl.percent;
import static io.gatling.javaapi.core.CoreDsl.randomSwitch;
import static io.gatling.javaapi.core.CoreDsl.rampUsersPerSec;
import static io.gatling.javaapi.core.CoreDsl.regex;
import static io.gatling.javaapi.core.CoreDsl.scenario;
import static io.gatling.javaapi.core.CoreDsl.substring;
import static io.gatling.javaapi.http.HttpDsl.http;
import static io.gatling.javaapi.http.HttpDsl.sse;
import static io.gatling.javaapi.http.HttpDsl.status;

import io.gatling.javaapi.core.Assertion;
import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.OpenInjectionStep;
import io.gatling.javaapi.core.ScenarioBuilder;
import io.gatling.javaapi.core.Simulation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * People who ask an AI: prompts of 0.5 to 30 KB, 85 % streams read to the end, 5 % streams left in
 * the middle, 10 % answers in one piece. {@code run.py} says how many come, and which run it is.
 *
 * <p>Those who leave ask a model that nobody else asks: what a broken stream costs can only be
 * estimated, and the other models' books have to agree to the nano-dollar.
 */
public final class ChatSimulation extends Simulation {
  private static final String READ = "Phi-4-mini";
  private static final String LEFT = "DeepSeek-R1";
  private static final String WHOLE = "Mistral-Large-2411";

  private final String run = System.getProperty("run");
  private final int rate = Integer.getInteger("rate");
  private final int seconds = Integer.getInteger("seconds");
  private final int firstTokenMillis = Integer.getInteger("firstTokenMillis");

  private Iterator<Map<String, Object>> people() {
    SplittableRandom random = new SplittableRandom(7);
    return Stream.generate(
            () -> {
              int length = (int) (500 * Math.pow(60, random.nextDouble()));
              String prompt = "a question ".repeat(length / 11 + 1).substring(0, length);
              return Map.<String, Object>of(
                  "user", "user-" + random.nextInt(5_000),
                  "prompt", prompt,
                  "patience", random.nextInt(200, 1_000));
            })
        .iterator();
  }

  private static String body(String model, boolean stream) {
    return "{\"model\":\""
        + model
        + "\",\"stream\":"
        + stream
        + ",\"stream_options\":{\"include_usage\":true},\"user\":\"#{user}\","
        + "\"messages\":[{\"role\":\"user\",\"content\":\"#{prompt}\"}]}";
  }

  private ChainBuilder opened(String model) {
    return exec(
        sse("stream")
            .post("/v1/chat/completions")
            .header("content-type", "application/json")
            .body(StringBody(body(model, true)))
            .await(Duration.ofSeconds(10))
            .on(
                sse.checkMessage("first token")
                    .matching(substring("\"content\":\"word"))
                    .check(regex("word"))));
  }

  /** Gatling asks again when a stream breaks off; the proxy's event that tells of it fails the check before. */
  private ChainBuilder read() {
    return exitBlockOnFail()
        .on(
            opened(READ),
            exec(
                sse("check").setCheck()
                    .await(Duration.ofSeconds(20))
                    .on(
                        sse.checkMessage("end")
                            .matching(regex("DONE|\"error\""))
                            .check(regex("DONE")))))
        .exec(sse("close").close());
  }

  private ChainBuilder left() {
    return exitBlockOnFail()
        .on(opened(LEFT), pause(session -> patience(session.getInt("patience"))))
        .exec(sse("close").close());
  }

  private static Duration patience(int millis) {
    return Duration.ofMillis(millis);
  }

  private ChainBuilder whole() {
    return exec(
        http("whole")
            .post("/v1/chat/completions")
            .header("content-type", "application/json")
            .body(StringBody(body(WHOLE, false)))
            .check(status().in(200, 429)));
  }

  private ScenarioBuilder chat() {
    return scenario("chat")
        .exec(feed(people()))
        .exec(
            randomSwitch()
                .on(
                    percent(85).then(read()),
                    percent(5).then(left()),
                    percent(10).then(whole())));
  }

  private List<OpenInjectionStep> arrivals() {
    if (run.equals("spike")) {
      int part = Math.max(1, seconds / 3);
      return List.of(
          constantUsersPerSec(rate).during(part),
          constantUsersPerSec(rate * 5.0).during(part),
          constantUsersPerSec(rate).during(part));
    }
    if (run.equals("scale")) {
      // run.py ends it once both services would have got a task.
      int warm = Math.max(1, Integer.getInteger("warm"));
      return List.of(
          constantUsersPerSec(rate).during(warm),
          rampUsersPerSec(1).to(rate).during(seconds / 2),
          constantUsersPerSec(rate).during(seconds / 2));
    }
    return List.of(constantUsersPerSec(rate).during(seconds));
  }

  private List<Assertion> assertions() {
    List<Assertion> all = new ArrayList<>();
    if (run.equals("scale")) {
      return all;
    }
    all.add(details("stream").failedRequests().count().is(0L));
    all.add(details("first token").failedRequests().count().is(0L));
    // The proxy gives the head of a stream with its first content.
    all.add(details("stream").responseTime().percentile(95.0).lt(firstTokenMillis));
    all.add(details("whole").failedRequests().count().is(0L));
    all.add(details("end").successfulRequests().count().gt(0L));
    // Where Foundry is killed, streams that it had begun are cut: run.py counts them against those that it had open.
    if (!run.equals("failover")) {
      all.add(global().failedRequests().count().is(0L));
    }
    return all;
  }

  public ChatSimulation() {
    setUp(chat().injectOpen(arrivals()))
        .protocols(http.baseUrl(System.getProperty("proxy")).userAgentHeader("gatling"))
        .maxDuration(Duration.ofSeconds(Integer.getInteger("warm") + seconds + 40L))
        .assertions(assertions());
  }
}

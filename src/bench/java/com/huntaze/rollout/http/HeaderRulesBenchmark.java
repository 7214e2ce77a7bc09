package com.huntaze.rollout.http;

import com.huntaze.rollout.provider.Provider;
import com.huntaze.rollout.upstream.CredentialSettings;
import com.huntaze.rollout.upstream.Credentials;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BiPredicate;
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

/** The cost of deciding which headers pass, for those of the OpenAI SDK and of uvicorn. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class HeaderRulesBenchmark {
  private final MultiMap request = HttpHeaders.headers();
  private final MultiMap response = HttpHeaders.headers();

  @Setup
  public void write() {
    request
        .add("host", "proxy.example.com")
        .add("connection", "keep-alive")
        .add("accept", "application/json")
        .add("content-type", "application/json")
        .add("content-length", "1024")
        .add("user-agent", "OpenAI/JS 6.10.0")
        .add("x-stainless-lang", "js")
        .add("x-stainless-package-version", "6.10.0")
        .add("x-stainless-os", "Linux")
        .add("x-stainless-arch", "x64")
        .add("x-stainless-retry-count", "0")
        .add("authorization", "Bearer sk-something-of-forty-characters-long")
        .add("accept-encoding", "gzip, deflate")
        .add("x-user-id", "user-17");
    response
        .add("date", "Tue, 24 Nov 2026 12:00:00 GMT")
        .add("server", "uvicorn")
        .add("content-length", "1024")
        .add("content-type", "application/json");
  }

  private final BiPredicate<String, String> withheld =
      new Credentials(
              new CredentialSettings(
                  List.of("Authorization", "X-API-Key", "api-key", "x-ms-*key*", "x-ms-*token*"),
                  List.of("Cookie"),
                  List.of("key"),
                  List.of("X-Original-URL")))
          .withheld(Provider.FOUNDRY, true, "a key");

  @Benchmark
  public MultiMap request() {
    MultiMap to = HttpHeaders.headers();
    HeaderRules.copyRequest(request, to, withheld);
    return to;
  }

  @Benchmark
  public MultiMap response() {
    MultiMap to = HttpHeaders.headers();
    HeaderRules.copyResponse(response, to);
    return to;
  }

  /** Checks what {@code StrictHttp} checks of the names. */
  @Benchmark
  public String names() {
    return StrictHttp.nameProblem(request);
  }
}

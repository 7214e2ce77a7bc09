package com.huntaze.rollout.http;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * Refuses what two readers of one message could read differently (RFC 9112 §3.2, §6.1, §11.2), as
 * far as the decoder has let it pass. A refused request's connection is closed: what follows on it
 * cannot be trusted to be a request.
 */
public final class StrictHttp {
  private StrictHttp() {}

  /** Returns the fault of a request's head, one sentence; {@code null} if there is none. */
  public static String problem(HttpServerRequest request) {
    boolean http2 = request.version() == HttpVersion.HTTP_2;
    String problem = methodProblem(request.method());
    if (problem == null) {
      problem = HeaderNameRules.problem(request.headers());
    }
    if (problem == null) {
      problem = http2 ? authorityProblem(request) : hostProblem(request);
    }
    if (problem == null) {
      problem = framingProblem(request.headers(), http2);
    }
    return problem == null ? TargetRules.problem(request) : problem;
  }

  private static String methodProblem(HttpMethod method) {
    return method == HttpMethod.CONNECT || method == HttpMethod.TRACE
        ? "method: " + method.name() + " (expected: one that is meant for the provider)"
        : null;
  }

  private static String hostProblem(HttpServerRequest request) {
    List<String> hosts = request.headers().getAll(HttpHeaders.HOST);
    if (hosts.isEmpty()) {
      return request.version() == HttpVersion.HTTP_1_0 ? null : "Host: missing (expected: one)";
    }
    if (hosts.size() > 1) {
      return "Host: given %d times (expected: once)".formatted(hosts.size());
    }
    return HostRules.valid(hosts.get(0))
        ? null
        : "Host: malformed (expected: a host name or address)";
  }

  private static String authorityProblem(HttpServerRequest request) {
    String host = request.getHeader(HttpHeaders.HOST);
    boolean differs =
        host != null
            && request.authority() != null
            && !host.equalsIgnoreCase(request.authority().toString());
    if (request.authority() == null || differs) {
      return ":authority: missing, or other than Host (expected: one)";
    }
    return HostRules.valid(request.authority().toString())
        ? null
        : ":authority: malformed (expected: a host name or address)";
  }

  /** The decoder has refused lengths that are odd or repeated, and a length beside an encoding. */
  private static String framingProblem(MultiMap headers, boolean http2) {
    String encoding = headers.get(HttpHeaders.TRANSFER_ENCODING);
    if (encoding != null && (http2 || !encoding.strip().equalsIgnoreCase("chunked"))) {
      return "Transfer-Encoding: not understood (expected: chunked, and nothing else)";
    }
    return null;
  }

  /** Rules for the names of header fields. */
  static final class HeaderNameRules {
    private static final List<String> RESERVED_PREFIXES = List.of("x-ai-", "x-forwarded-");

    private HeaderNameRules() {}

    static String problem(MultiMap headers) {
      Search search = new Search();
      headers.forEach(search);
      return search.problem;
    }

    /** The first problem, found without an entry being made for each field. */
    private static final class Search implements BiConsumer<String, String> {
      private String problem;

      @Override
      public void accept(String name, String value) {
        if (problem != null) {
          return;
        }
        if (name.isEmpty()) {
          problem = "header: a field without a name (expected: a name before the colon)";
        } else if (name.indexOf('_') >= 0 && isTwin(name)) {
          problem = "header: a name with _ that a backend could take for one of ours (expected: -)";
        }
      }
    }

    private static boolean isTwin(String name) {
      String hyphened = name.replace('_', '-');
      return HeaderRules.isProtected(hyphened)
          || RESERVED_PREFIXES.stream()
              .anyMatch(prefix -> hyphened.regionMatches(true, 0, prefix, 0, prefix.length()));
    }
  }
}

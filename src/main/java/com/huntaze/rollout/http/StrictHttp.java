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
      Fields fields = Fields.of(request.headers());
      problem = fields.problem;
      if (problem == null) {
        problem = http2 ? authorityProblem(request) : hostProblem(request.version(), fields);
      }
    }
    if (problem == null) {
      problem = framingProblem(request.headers(), http2);
    }
    return problem == null ? TargetRules.problem(request) : problem;
  }

  /** The first problem that a name of these fields has; {@code null} = none. */
  static String nameProblem(MultiMap headers) {
    return Fields.of(headers).problem;
  }

  private static String methodProblem(HttpMethod method) {
    return method == HttpMethod.CONNECT || method == HttpMethod.TRACE
        ? "method: " + method.name() + " (expected: one that is meant for the provider)"
        : null;
  }

  private static String hostProblem(HttpVersion version, Fields fields) {
    if (fields.hosts == 0) {
      return version == HttpVersion.HTTP_1_0 ? null : "Host: missing (expected: one)";
    }
    if (fields.hosts > 1) {
      return "Host: given %d times (expected: once)".formatted(fields.hosts);
    }
    return HostRules.valid(fields.host)
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

  /** The fields of a head, walked through once: neither an entry nor a list is made for it. */
  private static final class Fields implements BiConsumer<String, String> {
    private static final List<String> RESERVED_PREFIXES = List.of("x-ai-", "x-forwarded-");
    private static final String HOST = "host";

    /** The first problem of a name; {@code null} = none has one. */
    private String problem;

    private int hosts;
    private String host;

    static Fields of(MultiMap headers) {
      Fields fields = new Fields();
      headers.forEach(fields);
      return fields;
    }

    @Override
    public void accept(String name, String value) {
      if (problem != null) {
        return;
      }
      if (name.isEmpty()) {
        problem = "header: a field without a name (expected: a name before the colon)";
      } else if (name.indexOf('_') >= 0 && isTwin(name)) {
        problem = "header: a name with _ that a backend could take for one of ours (expected: -)";
      } else if (name.equalsIgnoreCase(HOST)) {
        hosts++;
        host = value;
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

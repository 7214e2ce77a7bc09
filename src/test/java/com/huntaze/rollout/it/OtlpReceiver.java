package com.huntaze.rollout.it;

import com.huntaze.rollout.Waits;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** An OTLP collector that keeps what it is sent: http/protobuf, {@code POST /v1/traces}. */
final class OtlpReceiver implements AutoCloseable {
  private final HttpServer server;
  private final List<Received> spans = new ArrayList<>();
  private final List<Resource> resources = new ArrayList<>();
  private final List<String> requests = new ArrayList<>();

  /** A span as it was sent; the ids in hexadecimal, {@code parent} empty without one. */
  record Received(
      String name,
      Span.SpanKind kind,
      String trace,
      String id,
      String parent,
      boolean failed,
      long start,
      long end,
      Map<String, Object> attributes) {
    Object attribute(String name) {
      return attributes.get(name);
    }
  }

  OtlpReceiver() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    server.createContext("/", this::receive);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private void receive(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    ExportTraceServiceRequest request = ExportTraceServiceRequest.parseFrom(body);
    synchronized (this) {
      requests.add(
          exchange.getRequestMethod()
              + " "
              + exchange.getRequestURI()
              + " "
              + exchange.getRequestHeaders().getFirst("Content-Type")
              + " "
              + exchange.getRequestHeaders().getFirst("X-Collector-Key"));
      for (ResourceSpans of : request.getResourceSpansList()) {
        resources.add(of.getResource());
        of.getScopeSpansList()
            .forEach(scope -> scope.getSpansList().forEach(span -> spans.add(received(span))));
      }
      notifyAll();
    }
    exchange.getResponseHeaders().add("Content-Type", "application/x-protobuf");
    exchange.sendResponseHeaders(200, -1);
    exchange.close();
  }

  private static Received received(Span span) {
    HexFormat hex = HexFormat.of();
    return new Received(
        span.getName(),
        span.getKind(),
        hex.formatHex(span.getTraceId().toByteArray()),
        hex.formatHex(span.getSpanId().toByteArray()),
        hex.formatHex(span.getParentSpanId().toByteArray()),
        span.getStatus().getCode() == Status.StatusCode.STATUS_CODE_ERROR,
        span.getStartTimeUnixNano(),
        span.getEndTimeUnixNano(),
        attributes(span.getAttributesList()));
  }

  private static Map<String, Object> attributes(List<KeyValue> all) {
    return new TreeMap<>(
        all.stream().collect(Collectors.toMap(KeyValue::getKey, one -> value(one.getValue()))));
  }

  private static Object value(AnyValue value) {
    return switch (value.getValueCase()) {
      case STRING_VALUE -> value.getStringValue();
      case BOOL_VALUE -> value.getBoolValue();
      case INT_VALUE -> value.getIntValue();
      case DOUBLE_VALUE -> value.getDoubleValue();
      default -> throw new AssertionError(value);
    };
  }

  /** Returns the requests: method, path, content type and the collector's key. */
  synchronized List<String> requests() {
    return List.copyOf(requests);
  }

  /** The attributes of the last resource. */
  synchronized Map<String, Object> resource() {
    return attributes(resources.get(resources.size() - 1).getAttributesList());
  }

  synchronized List<Received> spans() {
    return List.copyOf(spans);
  }

  /**
   * The spans of the exchange with a correlation id: its own first, its attempts in their order.
   */
  List<Received> exchange(String correlationId) {
    return Waits.until(
        () -> correlationId + ": " + spans(),
        () -> found(correlationId),
        found -> !found.isEmpty() && found.size() == 1 + attempts(found.get(0)),
        () -> Waits.pause(Duration.ofMillis(20)));
  }

  private static long attempts(Received exchange) {
    Object attempts = exchange.attribute("rollout.attempts");
    return attempts == null ? 0 : (Long) attempts;
  }

  private List<Received> found(String correlationId) {
    List<Received> found = new ArrayList<>();
    List<Received> spans = spans();
    for (Received span : spans) {
      if (correlationId.equals(span.attribute("rollout.correlation_id"))) {
        found.add(span);
        spans.stream()
            .filter(child -> child.parent().equals(span.id()))
            .sorted(java.util.Comparator.comparingLong(Received::start))
            .forEach(found::add);
      }
    }
    return found;
  }

  @Override
  public void close() {
    server.stop(0);
  }
}

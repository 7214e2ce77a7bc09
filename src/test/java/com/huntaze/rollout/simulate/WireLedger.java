package com.huntaze.rollout.simulate;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts what a {@link FaultyUpstream} sees. Its event loop writes, any thread reads. */
public final class WireLedger {
  private final Map<String, Integer> begun = new ConcurrentHashMap<>();
  private final Map<String, Integer> executions = new ConcurrentHashMap<>();
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicInteger openConnections = new AtomicInteger();
  private volatile long lastBegun;

  WireLedger() {}

  /**
   * Returns the number of requests of this {@code X-Correlation-ID} that came whole: a model would
   * have worked.
   */
  public int executions(String correlationId) {
    return executions.getOrDefault(correlationId, 0);
  }

  /**
   * Returns the number of requests of this {@code X-Correlation-ID} that came, whole or in part.
   */
  public int begun(String correlationId) {
    return begun.getOrDefault(correlationId, 0);
  }

  /** Returns the number of requests that came whole. */
  public int executions() {
    return executions.values().stream().mapToInt(Integer::intValue).sum();
  }

  /** Returns the moment of the latest request, wall clock in milliseconds; 0 = none has come. */
  public long lastBegun() {
    return lastBegun;
  }

  /** Returns the number of connections that were accepted. */
  public int connections() {
    return connections.get();
  }

  /** Returns the number of open connections. */
  public int openConnections() {
    return openConnections.get();
  }

  void begins(String correlationId) {
    begun.merge(correlationId, 1, Integer::sum);
    lastBegun = System.currentTimeMillis();
  }

  void executes(String correlationId) {
    executions.merge(correlationId, 1, Integer::sum);
  }

  void opened() {
    connections.incrementAndGet();
    openConnections.incrementAndGet();
  }

  void closed() {
    openConnections.decrementAndGet();
  }
}

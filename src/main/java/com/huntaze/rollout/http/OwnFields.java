package com.huntaze.rollout.http;

import io.vertx.core.MultiMap;
import java.util.Map;

/**
 * The fields of ours that stand on each answer to a request, whoever gave it: under which it is
 * found again, the pages that may read it, and what the caller's own limit has left. Of one event
 * loop.
 */
public final class OwnFields {
  private final String correlationId;
  private final CorsSettings cors;
  private final MultiMap asked;
  private Map<String, String> limit = Map.of();

  /**
   * @param correlationId under which the request is found again
   * @param cors the pages that may read answers
   * @param asked the header of the request
   */
  public OwnFields(String correlationId, CorsSettings cors, MultiMap asked) {
    this.correlationId = correlationId;
    this.cors = cors;
    this.asked = asked;
  }

  /** Under which the request is found again. */
  public String correlationId() {
    return correlationId;
  }

  /** Has each answer tell what the caller's own limit has left; a provider's own is none. */
  public void limit(Map<String, String> fields) {
    limit = fields;
  }

  /** Sets them in the head of an answer. */
  public void tell(MultiMap to) {
    CorrelationId.tell(to, correlationId);
    Cors.allow(cors, asked, to);
    if (!limit.isEmpty()) {
      limit.forEach(to::set);
    }
  }
}

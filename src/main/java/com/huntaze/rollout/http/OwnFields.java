package com.huntaze.rollout.http;

import io.vertx.core.MultiMap;

/**
 * The fields of ours that stand on each answer to a request, whoever gave it.
 *
 * @param correlationId under which the request is found again
 * @param cors the pages that may read answers
 * @param asked the header of the request
 */
public record OwnFields(String correlationId, CorsSettings cors, MultiMap asked) {
  /** Sets them in the head of an answer. */
  public void tell(MultiMap to) {
    CorrelationId.tell(to, correlationId);
    Cors.allow(cors, asked, to);
  }
}

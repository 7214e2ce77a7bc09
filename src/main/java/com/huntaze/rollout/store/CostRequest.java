package com.huntaze.rollout.store;

import com.huntaze.rollout.bus.Bodies;
import com.huntaze.rollout.cost.Dimension;
import io.vertx.core.json.JsonObject;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads the body of {@code rollout.costs.get}; anyone may have written it. */
final class CostRequest {
  private static final String BY = "by";

  private CostRequest() {}

  /**
   * The dimension that the costs are asked for by: {@code {"by": "agent"}}, or the label alone.
   *
   * @param body {@code null} = by model
   * @throws IllegalArgumentException with a sentence for the sender
   */
  static Dimension read(Object body) {
    Object by = body;
    if (body instanceof JsonObject request) {
      Bodies.known(request, Set.of(BY));
      by = request.getValue(BY);
    }
    if (by == null) {
      return Dimension.MODEL;
    }
    Object wanted = by;
    return (by instanceof String label ? Dimension.of(label) : Optional.<Dimension>empty())
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "by: %s (expected: one of %s)"
                        .formatted(
                            Bodies.shown(wanted),
                            Arrays.stream(Dimension.values())
                                .map(Dimension::label)
                                .collect(Collectors.joining(", ")))));
  }
}

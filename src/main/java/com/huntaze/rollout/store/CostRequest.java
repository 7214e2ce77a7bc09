package com.huntaze.rollout.store;

import com.huntaze.rollout.bus.Bodies;
import com.huntaze.rollout.bus.FleetFigures;
import com.huntaze.rollout.cost.Dimension;
import io.vertx.core.json.JsonObject;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The body of {@code rollout.costs.get}; anyone may have written it.
 *
 * @param by the dimension that the costs are asked for by
 * @param ownAlone whether those of this replica are wanted, where it is one of several
 */
record CostRequest(Dimension by, boolean ownAlone) {
  private static final String BY = "by";
  private static final String SCOPE = "scope";

  /**
   * Reads it: {@code {"by": "agent"}}, or the label alone.
   *
   * @param body {@code null} = by model
   * @throws IllegalArgumentException with a sentence for the sender
   */
  static CostRequest read(Object body) {
    Object by = body;
    boolean ownAlone = false;
    if (body instanceof JsonObject request) {
      Bodies.known(request, Set.of(BY, SCOPE));
      by = request.getValue(BY);
      ownAlone = FleetFigures.ownAlone(request.getValue(SCOPE));
    }
    return new CostRequest(by == null ? Dimension.MODEL : dimension(by), ownAlone);
  }

  private static Dimension dimension(Object by) {
    return (by instanceof String label ? Dimension.of(label) : Optional.<Dimension>empty())
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "by: %s (expected: one of %s)"
                        .formatted(
                            Bodies.shown(by),
                            Arrays.stream(Dimension.values())
                                .map(Dimension::label)
                                .collect(Collectors.joining(", ")))));
  }
}

package com.huntaze.rollout.upstream;

/**
 * The place that answers a request, as far as it is known without the answer.
 *
 * @param deployment {@code null} = not known
 * @param region {@code null} = not known
 */
public record Placement(String deployment, String region) {}

package com.huntaze.rollout.relay;

import io.vertx.core.MultiMap;

/**
 * The things that the head of an answer tells of its making, beside the body. They are taken out of
 * it at once, for a long answer need not keep its head.
 *
 * @param model the model that answers; each {@code null} = not told
 * @param deployment the deployment that answers
 * @param region the region that it stands in
 * @param cost the cost, as a gateway such as LiteLLM tells it
 */
record ToldByHead(String model, String deployment, String region, String cost) {
  private static final ToldByHead NOTHING = new ToldByHead(null, null, null, null);

  static ToldByHead by(MultiMap head) {
    String model = head.get("x-ms-served-model");
    String deployment = says(head.get("x-ms-deployment-name"));
    if (deployment == null) {
      // Of Azure's online endpoints.
      deployment = says(head.get("azureml-model-deployment"));
    }
    String region = says(head.get("x-ms-region"));
    String cost = says(head.get("x-litellm-response-cost"));
    boolean any = model != null || deployment != null || region != null || cost != null;
    return any ? new ToldByHead(model, deployment, region, cost) : NOTHING;
  }

  private static String says(String value) {
    return value == null || value.isBlank() ? null : value.strip();
  }
}

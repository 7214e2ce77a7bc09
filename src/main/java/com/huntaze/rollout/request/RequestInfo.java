package com.huntaze.rollout.request;

import com.huntaze.rollout.provider.Agent;
import com.huntaze.rollout.provider.Provider;
import com.huntaze.rollout.route.Route;
import com.huntaze.rollout.route.StatePath;
import com.huntaze.rollout.upstream.ModelNames;
import io.vertx.core.buffer.Buffer;

/**
 * The facts about a request before a provider is chosen.
 *
 * @param correlationId under which it is found again
 * @param route what holds for its method and path
 * @param userKey what it sticks to, {@code null} = keyless
 * @param override the provider that the caller asks for, {@code null} = none; not every caller may
 * @param agent whose request type it is, {@code null} = none
 * @param target the target that is asked for, in origin form; of an agent Foundry's
 * @param hinted whether it came under the agent's own path, so that its body is given the type hint
 * @param usageRequest what makes a stream tell its usage, {@code null} = nothing is to be changed
 * @param tier the caller's tier, {@code null} = not told
 * @param model the model that the body asks for, {@code null} = not told
 * @param modelAt the place of that name in the body, {@code null} = it is not to be changed
 * @param place the place of its path among the objects of a provider, {@code null} = it is none
 * @param object the object that it is about, {@code null} = none: any provider can answer
 */
public record RequestInfo(
    String correlationId,
    Route route,
    String userKey,
    Provider override,
    Agent agent,
    String target,
    boolean hinted,
    UsageRequest usageRequest,
    String tier,
    String model,
    ModelNames.Span modelAt,
    StatePath place,
    ObjectReference object) {

  /**
   * Returns whether a provider's failing answer is told in our own shape: those who call an agent
   * know of no provider.
   */
  public boolean shapesErrors() {
    return hinted;
  }

  /**
   * Returns whether its answer is read here: because it is judged, or for the objects that it tells
   * of, which are known where they were made.
   */
  boolean answerIsRead() {
    return route.judged() || place != null || object != null;
  }

  /** The target that is asked for at a provider: an agent's may have another path at each. */
  String target(Provider provider) {
    if (!hinted) {
      return target;
    }
    int query = target.indexOf('?');
    return agent.call(provider).path() + (query < 0 ? "" : target.substring(query));
  }

  /**
   * The body as it is sent to a provider.
   *
   * @param provider whose it is
   * @param asksUsage whether a stream is asked for its usage, where the client does not
   * @param models the provider's names of models
   */
  public Buffer rewrite(Buffer body, Provider provider, boolean asksUsage, ModelNames models) {
    Buffer rewritten = rewriteFields(body, provider, asksUsage, models);
    return models.any() && EmbeddingBatch.isFor(target)
        ? EmbeddingBatch.rename(rewritten, models)
        : rewritten;
  }

  private Buffer rewriteFields(
      Buffer body, Provider provider, boolean asksUsage, ModelNames models) {
    UsageRequest usage = asksUsage ? usageRequest : null;
    if (usage != null && (modelAt == null || usage.from() >= modelAt.to())) {
      // The later place is changed first, so that the earlier one stays where it is.
      return models.apply(usage.apply(body), model, modelAt);
    }
    Buffer named = models.apply(body, model, modelAt);
    if (usage == null) {
      String hint = hinted ? agent.call(provider).typeHint() : null;
      return hint == null ? named : TypeHint.splice(named, hint);
    }
    return usage.apply(named);
  }
}

package com.huntaze.rollout.proxy;

import com.huntaze.rollout.provider.Provider;
import com.huntaze.rollout.provider.ProviderMode;
import com.huntaze.rollout.traffic.ProviderChoice;
import com.huntaze.rollout.traffic.ProviderSelector;
import com.huntaze.rollout.traffic.Reason;
import io.vertx.core.http.HttpServerRequest;

/** Chooses the provider of a request: override, then the route's own rule, then mode and split. */
final class Chooser {
  private final ProviderMode mode;
  private final ProviderSelector selector;
  private final JobAffinity jobs;

  Chooser(ProviderMode mode, ProviderSelector selector, JobAffinity jobs) {
    this.jobs = jobs;
    this.mode = mode;
    this.selector = selector;
  }

  /** A job's maker if it is known, else where it is looked for first. */
  private ProviderChoice ofJob(String path) {
    Provider maker = jobs.of(path);
    if (maker != null) {
      return new ProviderChoice(maker, Reason.STICKY);
    }
    Provider first = mode == ProviderMode.LEGACY ? Provider.LEGACY : Provider.FOUNDRY;
    return new ProviderChoice(first, Reason.MODE);
  }

  /**
   * @param key the client's key, {@code null} = none that is known
   */
  ProviderChoice choose(HttpServerRequest request, Identity identity, ApiKeySettings key) {
    if (key != null && key.mayOverride() && identity.override() != null) {
      return new ProviderChoice(identity.override(), Reason.OVERRIDE);
    }
    if (JobAffinity.asksForResult(request.method().name(), request.path())) {
      return ofJob(request.path());
    }
    if (identity.route().isHealth() && mode != ProviderMode.LEGACY) {
      return new ProviderChoice(Provider.FOUNDRY, Reason.MODE);
    }
    return identity.route().judged()
        ? selector.choose(mode, identity.userKey())
        : selector.chooseUnjudged(mode, identity.userKey());
  }

  /** Whether a choice was Foundry's by its share, and that share is zero by now. */
  boolean withdrawn(ProviderChoice choice) {
    return selector.withdrawn(choice);
  }
}

package com.huntaze.rollout.proxy;

import com.huntaze.rollout.admission.AuthSettings;
import com.huntaze.rollout.cost.PriceBook;
import com.huntaze.rollout.cost.UsageSettings;
import com.huntaze.rollout.http.ServerSettings;
import com.huntaze.rollout.judge.window.Thresholds;
import com.huntaze.rollout.provider.AgentSettings;
import com.huntaze.rollout.provider.Provider;
import com.huntaze.rollout.provider.ProviderMode;
import com.huntaze.rollout.request.ObjectSettings;
import com.huntaze.rollout.route.RouteSettings;
import com.huntaze.rollout.token.TokenSettings;
import com.huntaze.rollout.upstream.CredentialSettings;
import com.huntaze.rollout.upstream.UpstreamSettings;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * All that the request path takes from the configuration.
 *
 * @param loops how many proxy verticles there are; they share the connection limits
 * @param objects requests that one provider alone can answer
 * @param auth who may call
 * @param credentials which provider a client's own credentials belong to
 * @param usage how token usage is made readable
 * @param enrichUsage whether answers are told their cost
 * @param salt the salt of the sticky buckets
 * @param thresholds what the judge takes for slow and dear
 */
public record ProxySettings(
    ServerSettings server,
    int loops,
    ProviderMode mode,
    Map<Provider, UpstreamSettings> upstreams,
    List<RouteSettings> routes,
    List<String> userKeyFields,
    ObjectSettings objects,
    Map<String, AgentSettings> agents,
    AuthSettings auth,
    CredentialSettings credentials,
    UsageSettings usage,
    boolean enrichUsage,
    PriceBook prices,
    String salt,
    Thresholds thresholds) {

  /** The bearer tokens that are sent to providers. */
  public Map<Provider, TokenSettings> tokens() {
    Map<Provider, TokenSettings> tokens = new EnumMap<>(Provider.class);
    upstreams.forEach(
        (provider, upstream) -> {
          if (upstream.token() != null) {
            tokens.put(provider, upstream.token());
          }
        });
    return tokens;
  }
}

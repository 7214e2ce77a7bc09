package com.huntaze.rollout.config;

import com.huntaze.rollout.provider.Provider;
import com.huntaze.rollout.settings.Setting;

/**
 * Both providers. They differ in their defaults only by URL and headers.
 *
 * @param foundry the router in front of Azure AI Foundry: the canary
 * @param legacy the backend that traffic is moved away from
 */
public record ProvidersSettings(
    @Setting(
            value = "The router in front of Azure AI Foundry: the canary.",
            byDefault =
                "{'url': 'http://127.0.0.1:8000', 'headers': {'X-API-Key': '${AI_ROUTER_API_KEY:}'}}")
        ProviderSettings foundry,
    @Setting(
            value = "The backend that traffic is moved away from.",
            byDefault = "{'url': 'http://127.0.0.1:8001', 'headers': {}}")
        ProviderSettings legacy) {

  /** The settings of one of them. */
  public ProviderSettings of(Provider provider) {
    return provider == Provider.FOUNDRY ? foundry : legacy;
  }
}

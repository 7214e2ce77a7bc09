package com.huntaze.rollout.provider;

import com.huntaze.rollout.settings.Forms;
import com.huntaze.rollout.settings.Setting;
import java.util.List;

/**
 * One agent: which request types it serves, and how its requests reach the router.
 *
 * @param requestTypes the values of {@code /v1/agents/{type}} and {@code X-AI-Request-Type}
 * @param path the router's path that its requests are sent to
 * @param typeHint the {@code type_hint} set in a body that has none, or null to set none
 * @param legacy what is different at legacy, or null if nothing is
 */
public record AgentSettings(
    @Setting(
            value = "The request types that this agent serves; each belongs to one agent only.",
            pattern = "^[a-z][a-z0-9_]{0,63}$",
            expected = "a lower-case word of at most 64 letters, digits and underscores",
            minItems = 1)
        List<String> requestTypes,
    @Setting(
            value = "The path on the provider that its requests are sent to.",
            byDefault = "'/route'",
            pattern = Forms.PATH,
            expected = Forms.PATH_WORDS)
        String path,
    @Setting(
            value = "The `type_hint` set in a body that has none; null sets none.",
            byDefault = "null",
            pattern = Forms.WORD,
            expected = Forms.WORD_WORDS)
        String typeHint,
    @Setting(
            value =
                "What is different at legacy, chosen by the split or asked in Foundry's stead: its"
                    + " `path` and `typeHint`; null is nothing.",
            byDefault = "null")
        LegacyAgentSettings legacy) {

  /** Copies the list, so that the record never changes. */
  public AgentSettings {
    requestTypes = List.copyOf(requestTypes);
  }

  /** An agent for which both providers are called in the same way. */
  public AgentSettings(List<String> requestTypes, String path, String typeHint) {
    this(requestTypes, path, typeHint, null);
  }

  /** The agent of a name. */
  Agent named(String name) {
    AgentCall foundry = new AgentCall(path, typeHint);
    return new Agent(name, foundry, legacy == null ? foundry : legacy.instead(foundry));
  }
}

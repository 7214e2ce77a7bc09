package com.huntaze.rollout.provider;

import com.huntaze.rollout.settings.Forms;
import com.huntaze.rollout.settings.Setting;

/**
 * The differences of an agent at legacy.
 *
 * @param path legacy's path, {@code null} = the agent's
 * @param typeHint legacy's hint, {@code null} = the agent's, empty = none
 */
public record LegacyAgentSettings(
    @Setting(
            value = "Legacy's path for the agent; null is the agent's path.",
            byDefault = "null",
            pattern = Forms.PATH,
            expected = Forms.PATH_WORDS)
        String path,
    @Setting(
            value =
                "The `type_hint` that legacy gets in a body that has none; null is the agent's, an"
                    + " empty text sets none.",
            byDefault = "null",
            pattern = "^([a-z][a-z0-9_]{0,31})?$",
            expected = Forms.WORD_WORDS + ", or an empty text")
        String typeHint) {

  /** The call of legacy, where Foundry is called in another way. */
  AgentCall instead(AgentCall foundry) {
    String hint = typeHint == null ? foundry.typeHint() : typeHint;
    return new AgentCall(path == null ? foundry.path() : path, "".equals(hint) ? null : hint);
  }
}

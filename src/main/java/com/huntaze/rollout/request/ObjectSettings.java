package com.huntaze.rollout.request;

import com.huntaze.rollout.settings.Setting;

/**
 * Objects that a provider keeps, such as files and conversations.
 *
 * @param afterRollback what becomes of requests that only Foundry can answer, once it has no share
 */
public record ObjectSettings(
    @Setting(
            value =
                "What becomes of requests about objects that Foundry has made, once it has no share"
                    + " any more: `serve`, Foundry still answers them; `refuse`, they are answered"
                    + " 410.",
            byDefault = "'serve'")
        AfterRollback afterRollback) {

  /** The fate of requests that only Foundry can answer. */
  public enum AfterRollback {
    SERVE,
    REFUSE
  }
}

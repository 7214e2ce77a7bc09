package com.huntaze.rollout.config;

import java.util.Objects;

/**
 * One value of the configuration in force, as it may be shown.
 *
 * @param path where it stands: {@code providers.foundry.url}; a list of plain values is one value
 * @param shown the value as JSON would have it (text, number, boolean, a list of them, {@code
 *     null}), or {@code ***} where it is none of {@link ShownSettings}
 * @param source the layer that it comes from: {@code file conf/proxy.json}
 */
public record ConfigValue(String path, Object shown, String source) {
  public ConfigValue {
    Objects.requireNonNull(path);
    Objects.requireNonNull(source);
  }
}

package com.huntaze.rollout.doctor;

import com.huntaze.rollout.settings.HttpUrl;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * A provider that is looked at.
 *
 * @param name {@code foundry} or {@code legacy}
 * @param headers what the proxy sets on its requests; the values may be secret
 * @param connect the longest time for a connection
 * @param probePath what the probe asks for, without the URL's own path
 * @param ca the authorities to trust, {@code null} = the system's
 * @param inUse whether requests may go there
 */
public record ProviderTarget(
    String name,
    HttpUrl url,
    Map<String, String> headers,
    Duration connect,
    String probePath,
    Path ca,
    boolean inUse) {

  /** Everything but the values of the headers. */
  @Override
  public String toString() {
    return "ProviderTarget[%s at %s]".formatted(name, url);
  }
}

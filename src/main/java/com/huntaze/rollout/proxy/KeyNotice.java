package com.huntaze.rollout.proxy;

import com.huntaze.rollout.provider.Provider;
import com.huntaze.rollout.request.UpstreamRequest;
import com.huntaze.rollout.upstream.UpstreamClient;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says in the log, once a provider in a process, that it refused a request whose client had sent a
 * key, which the proxy kept back: without the sentence the client's 401 looks like a wrong key.
 */
final class KeyNotice {
  private static final Logger log = LoggerFactory.getLogger(KeyNotice.class);
  private static final Set<Provider> said = ConcurrentHashMap.newKeySet();

  private KeyNotice() {}

  /**
   * @param ask the request that was answered
   * @param by whose answer it is
   */
  static void of(int status, UpstreamRequest ask, UpstreamClient by) {
    Provider provider = by.provider();
    if ((status == 401 || status == 403)
        && !said.contains(provider)
        && ask.keyKeptBack(by)
        && said.add(provider)) {
      String label = provider.label();
      log.warn(
          "{} answered {} to a request whose key was kept back: set auth.clientKeys to \"{}\" or"
              + " \"both\" if clients have keys for {}, or providers.{}.headers if the proxy is to"
              + " send one. This is said once.",
          label,
          status,
          label,
          label,
          label);
    }
  }
}

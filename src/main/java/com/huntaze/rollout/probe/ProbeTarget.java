package com.huntaze.rollout.probe;

import com.huntaze.rollout.settings.HttpUrl;
import com.huntaze.rollout.settings.TlsSettings;
import com.huntaze.rollout.token.TokenSettings;
import java.util.Map;

/**
 * The target of a probe.
 *
 * @param url the provider's base URL
 * @param token the bearer token that is sent in their stead, {@code null} = none
 * @param tls our certificate and the authorities to trust, {@code null} = the system's
 * @param headers the provider's own headers; a health path may ask for its key
 */
public record ProbeTarget(
    HttpUrl url,
    Map<String, String> headers,
    TokenSettings token,
    ProbeSettings settings,
    TlsSettings tls) {}

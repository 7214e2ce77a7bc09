package com.huntaze.rollout.probe;

import com.huntaze.rollout.settings.HttpUrl;
import com.huntaze.rollout.settings.TlsSettings;
import java.util.Map;

/**
 * The target of a probe.
 *
 * @param url the provider's base URL
 * @param tls our certificate and the authorities to trust, {@code null} = the system's
 * @param headers the provider's own headers; a health path may ask for its key
 */
public record ProbeTarget(
    HttpUrl url, Map<String, String> headers, ProbeSettings settings, TlsSettings tls) {}

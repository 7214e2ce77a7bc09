package com.huntaze.rollout.probe;

import com.huntaze.rollout.settings.HttpUrl;
import java.util.Map;

/**
 * What is probed.
 *
 * @param url the provider's base URL
 * @param headers the provider's own headers; a health path may ask for its key
 */
public record ProbeTarget(HttpUrl url, Map<String, String> headers, ProbeSettings settings) {}

package com.huntaze.rollout.simulate;

import io.vertx.core.buffer.Buffer;
import java.util.Map;

/**
 * One request of the demo traffic, always a POST.
 *
 * @param path its path
 * @param headers its headers, content type and length aside
 * @param body its JSON body
 * @param stream whether the answer is an event stream that ends with {@code [DONE]}
 */
record DemoRequest(String path, Map<String, String> headers, Buffer body, boolean stream) {}

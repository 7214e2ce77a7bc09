/**
 * Server-sent events as bytes: where events begin and end in a stream that arrives in chunks.
 *
 * <p>Pure: nothing but {@code java.*}. Source: the WHATWG's HTML standard, "Server-sent events".
 */
package com.huntaze.rollout.sse;

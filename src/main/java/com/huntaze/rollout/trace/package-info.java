/**
 * Distributed traces: the W3C headers, and the port through which the request path tells of its
 * spans. What records them stands elsewhere; nothing here knows of it.
 */
package com.huntaze.rollout.trace;

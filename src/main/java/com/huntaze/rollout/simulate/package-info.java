/**
 * Simulated backends and demo traffic, for {@code demo}, tests and load tests.
 *
 * <p>A {@link com.huntaze.rollout.simulate.SimulatedBackend} is a real HTTP server: what runs
 * against it crosses a socket. Its answers and its times come from a seed, so that a run can be
 * repeated.
 */
package com.huntaze.rollout.simulate;

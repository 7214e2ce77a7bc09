/**
 * The metrics, what is counted of an exchange for them, and the windows in which it counts. Pure:
 * {@code java.*} and HdrHistogram.
 */
package com.huntaze.rollout.judge.window;

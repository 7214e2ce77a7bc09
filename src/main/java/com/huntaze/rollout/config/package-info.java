/**
 * Loading, validating and explaining the configuration: file, environment and flags in, one
 * immutable {@link com.huntaze.rollout.config.Settings} with the source of each value out. The
 * records themselves belong to the features.
 */
package com.huntaze.rollout.config;

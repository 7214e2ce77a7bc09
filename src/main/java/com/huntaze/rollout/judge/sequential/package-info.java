/**
 * The sequential tests and the comparison with legacy: how strong the evidence is that a figure is
 * over its limit, and whether it stands without any one user. Pure.
 */
package com.huntaze.rollout.judge.sequential;

/**
 * The comparison of Foundry's users with legacy's at the same time, in everything that a client
 * feels. The unit is the user: requests of one user are no independent witnesses. Pure.
 */
package com.huntaze.rollout.judge.difference;

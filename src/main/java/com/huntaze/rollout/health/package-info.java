/**
 * The settings of judging and its words: rules, actions, budgets, the plan of a rollout, and the
 * facts of the breaker. Pure; it knows nothing of how a verdict is made.
 */
package com.huntaze.rollout.health;

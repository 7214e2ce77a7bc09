/**
 * The share of the users whom Foundry serves, beside the share that was set. The unit is the user:
 * one of them always goes to one side, however many requests he makes. Pure.
 */
package com.huntaze.rollout.judge.served;

package com.huntaze.rollout.history;

/**
 * The rollout at a moment.
 *
 * @param at wall clock in milliseconds
 * @param percentage Foundry's share as it was set
 * @param verdict the judge's word: lower-case letters and underscores; empty = it had none
 */
public record HistoryRow(
    long at, int percentage, String verdict, Figures foundry, Figures legacy) {}

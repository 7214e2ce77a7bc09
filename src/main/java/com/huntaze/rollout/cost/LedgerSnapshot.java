package com.huntaze.rollout.cost;

import java.util.List;

/**
 * All that a ledger knows at one moment.
 *
 * @param total since the ledger was begun
 * @param hours the last hours in which there were charges, oldest first, UTC
 * @param days the last days in which there were charges, oldest first, UTC
 */
public record LedgerSnapshot(
    LedgerPeriod total, List<LedgerPeriod> hours, List<LedgerPeriod> days) {}

package com.huntaze.rollout.history;

import com.huntaze.rollout.settings.Setting;

/**
 * The history that the dashboard's charts go back to.
 *
 * @param maxBytes the most that its files may take; 0 keeps none
 */
public record HistorySettings(
    @Setting(
            value =
                "The most that the files in `state.dir`/history may take, of all replicas that"
                    + " share it: a row of about 145 bytes every 5 s is 35 MB in 14 days; what is older"
                    + " than 15 is deleted, by any of them. 0 keeps no history.",
            byDefault = "67108864",
            min = "0",
            max = "1099511627776",
            unit = "bytes")
        long maxBytes) {}

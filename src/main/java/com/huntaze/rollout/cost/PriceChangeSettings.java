package com.huntaze.rollout.cost;

import com.huntaze.rollout.settings.Setting;

/**
 * Prices that hold from a day on.
 *
 * @param from the day, from midnight UTC
 * @param prices what holds from then on
 */
public record PriceChangeSettings(
    @Setting(
            value = "The day from which on the prices hold, from midnight UTC.",
            pattern = "^20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$",
            expected = "a day such as 2026-12-31")
        String from,
    @Setting(value = "What holds from then on.", inline = true) TokenPriceSettings prices) {}

package com.huntaze.rollout.bus;

import com.huntaze.rollout.settings.Setting;

/**
 * The proxy on the event bus of its Vert.x.
 *
 * @param prefix in front of each of its addresses; empty = none
 */
public record EventBusSettings(
    @Setting(
            value =
                "Put in front of every address of the event bus, such as `eu.`: several proxies on"
                    + " one Vert.x need one each.",
            byDefault = "''",
            pattern = "^([A-Za-z][A-Za-z0-9_.-]{0,63})?$",
            expected =
                "at most 64 letters, digits, dots, dashes and underscores, the first a letter")
        String prefix) {}

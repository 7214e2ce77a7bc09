package com.huntaze.rollout.telemetry;

import com.huntaze.rollout.settings.Setting;

/**
 * One line per request.
 *
 * @param enabled whether lines are written
 * @param share the share of the requests that went well whose lines are written, 0..1; the others
 *     have theirs
 * @param queue the lines that may wait for the writer; more are dropped and counted
 * @param clientAddress whether the client's IP address is in it
 */
public record AccessLogSettings(
    @Setting(value = "Whether a line per request is written.", byDefault = "true") boolean enabled,
    @Setting(
            value =
                "The share of the requests that went well (`event.outcome`: `success`) whose lines"
                    + " are written, chosen by their correlation ids; the others always have"
                    + " theirs.",
            byDefault = "1",
            min = "0",
            max = "1")
        double share,
    @Setting(
            value = "The lines that may wait for the writer; more are dropped and counted.",
            byDefault = "65536",
            min = "1",
            max = "16777216",
            unit = "lines")
        int queue,
    @Setting(value = "Whether the client's IP address is in the line.", byDefault = "true")
        boolean clientAddress) {}

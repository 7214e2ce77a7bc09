package com.huntaze.rollout.settings;

/**
 * The listener for health and metrics alone.
 *
 * @param host the address to listen on
 * @param port the port; 0 takes a free one
 */
public record ListenerSettings(
    @Setting(
            value = "The address to listen on.",
            byDefault = "'127.0.0.1'",
            pattern = Forms.HOST,
            expected = Forms.HOST_WORDS)
        String host,
    @Setting(value = "The port; 0 takes a free one.", byDefault = "9091", min = "0", max = "65535")
        int port) {}

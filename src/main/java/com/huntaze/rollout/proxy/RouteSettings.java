package com.huntaze.rollout.proxy;

import com.huntaze.rollout.settings.Setting;

/**
 * What the proxy may do with the requests of one route.
 *
 * @param match a method or {@code *}, a space and a path; a trailing {@code *} matches any rest
 * @param replay when a request may be sent again
 * @param judged whether its outcomes count for the verdict
 */
public record RouteSettings(
    @Setting(
            value =
                "A method or `*`, a space and a path; a `*` at its end matches any rest: `POST"
                    + " /route`, `* /v1/x*`.",
            pattern = "^(\\*|[A-Z]{1,16}) /[!-\"$-)+->@-~]*\\*?$",
            expected = "a method or *, a space and a path, such as POST /route or * /v1/x*")
        String match,
    @Setting(
            value =
                "When a request may be sent again: `safe`, at any time before the first content;"
                    + " `unsent`, only when provably nothing was sent.",
            byDefault = "'unsent'")
        Replay replay,
    @Setting(value = "Whether its outcomes count for the verdict.", byDefault = "false")
        boolean judged) {}

package com.huntaze.rollout.route;

import com.huntaze.rollout.settings.Setting;

/**
 * The policy for the requests of one route.
 *
 * @param match a method or {@code *}, a space and a path pattern
 * @param replay when a request may be sent again
 * @param judged whether its outcomes count for the verdict
 */
public record RouteSettings(
    @Setting(
            value =
                "A method or `*`, a space and a path, in which `*` is one segment and `**` at the end"
                    + " any number of them; a `*` at the end of a longer segment matches any rest:"
                    + " `POST /route`, `POST /teams/*/chat`, `* /v1/**`, `* /v1/x*`.",
            pattern = "^(\\*|[A-Z]{1,16}) (/(\\*|[!-\"$-)+-.0->@-~]*))+(/\\*\\*|\\*)?$",
            expected =
                "a method or *, a space and a path, such as POST /route, POST /teams/*/chat or"
                    + " * /v1/**")
        String match,
    @Setting(
            value =
                "When a request may be sent again: `safe`, at any time before the first content;"
                    + " `unsent`, only when provably nothing was sent.",
            byDefault = "'unsent'")
        Replay replay,
    @Setting(value = "Whether its outcomes count for the verdict.", byDefault = "false")
        boolean judged) {}

package com.huntaze.rollout.alert;

import com.huntaze.rollout.settings.Setting;

/**
 * The addresses that an alert leads to, and a request on the dashboard, as absolute URLs: an alert
 * is read on a telephone, far from the proxy.
 *
 * @param dashboard the admin port as people reach it, or null
 * @param runbook what to do, or null; {@code {kind}} in it is the alert's kind
 * @param trace a request's trace as the place that keeps traces shows it, or null; {@code
 *     {trace_id}} in it is the trace's id
 */
public record AlertLinks(
    @Setting(
            value =
                "The dashboard's address as people reach it: alerts link to it, and their commands"
                    + " ask it; null is the admin port at `admin.host` (127.0.0.1 where that is every"
                    + " address), without a link.",
            byDefault = "null",
            pattern = AlertLinks.BASE,
            expected = AlertLinks.WORDS + ", query and fragment: commands add paths to it")
        String dashboard,
    @Setting(
            value = "The runbook that alerts link to; `{kind}` in it is the alert's kind.",
            byDefault = "null",
            pattern = AlertLinks.URL,
            expected = AlertLinks.WORDS)
        String runbook,
    @Setting(
            value =
                "The address that shows a trace: a request that is opened on the dashboard links there,"
                    + " with its trace's id for `{trace_id}`; null is no link.",
            byDefault = "null",
            pattern = AlertLinks.TRACE,
            expected = AlertLinks.WORDS + ", and {trace_id} after its host")
        String trace) {
  // No brackets, quotes, bars or white space: it stands in a chat's link as it is.
  private static final String CHARACTERS = "[A-Za-z0-9._~:/?#!$&()*+,;=%{}\\[\\]-]";

  static final String URL = "^https?://" + CHARACTERS + "+$";
  static final String BASE = "^https?://[A-Za-z0-9._~:/!$&()*+,;=%\\[\\]-]+$";
  static final String TRACE =
      "^https?://[A-Za-z0-9._~:\\[\\]-]+[/?#]" + CHARACTERS + "*\\{trace_id\\}" + CHARACTERS + "*$";
  static final String WORDS = "an http:// or https:// URL without user info";

  /** No links. */
  public static final AlertLinks NONE = new AlertLinks(null, null, null);

  /** The runbook's address for a kind, or null. */
  String runbook(String kind) {
    return runbook == null ? null : runbook.replace("{kind}", kind);
  }
}

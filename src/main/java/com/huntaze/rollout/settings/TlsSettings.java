package com.huntaze.rollout.settings;

import java.util.ArrayList;
import java.util.List;

/**
 * TLS for one listener or one upstream, as paths of PEM files; in the file they are relative to it,
 * in here they are whole.
 *
 * @param certificate our certificate chain, or null
 * @param key the private key of {@code certificate}, or null
 * @param ca the authorities to trust instead of the system's, or null
 * @param clientAuth whether a listener demands a client certificate signed by {@code ca}
 */
public record TlsSettings(
    @Setting(
            value = "PEM file with our certificate chain.",
            byDefault = "null",
            pattern = Forms.FILE,
            expected = Forms.FILE_WORDS,
            file = true)
        String certificate,
    @Setting(
            value = "PEM file with the private key of `certificate`.",
            byDefault = "null",
            pattern = Forms.FILE,
            expected = Forms.FILE_WORDS,
            file = true)
        String key,
    @Setting(
            value = "PEM file with the authorities to trust instead of the system's.",
            byDefault = "null",
            pattern = Forms.FILE,
            expected = Forms.FILE_WORDS,
            file = true)
        String ca,
    @Setting(
            value = "Whether a listener demands a client certificate signed by `ca`.",
            byDefault = "false")
        boolean clientAuth)
    implements Checked {

  @Override
  public List<Problem> check() {
    List<Problem> problems = new ArrayList<>();
    if (certificate == null && key != null) {
      problems.add(new Problem("certificate", "missing", "a file, because key is set"));
    }
    if (key == null && certificate != null) {
      problems.add(new Problem("key", "missing", "a file, because certificate is set"));
    }
    if (clientAuth && ca == null) {
      problems.add(new Problem("ca", "missing", "a file, because clientAuth is true"));
    }
    return problems;
  }
}

package com.huntaze.rollout.upstream;

import com.huntaze.rollout.settings.Setting;
import java.util.List;

/**
 * The provider that a client's own credentials belong to. None reaches the other one, in a failover
 * either. In names {@code *} stands for any text; case does not count.
 *
 * @param foundry fields that go to Foundry alone, and only while no credential of ours is set there
 * @param legacy fields that go to legacy alone
 * @param query query parameters that go to Foundry alone, like its fields
 * @param dropped fields that reach nobody, because some backends let them change the request
 */
public record CredentialSettings(
    @Setting(
            value =
                "Header fields that go to Foundry alone, and only while `providers.foundry.headers`"
                    + " sets no credential.",
            byDefault =
                "['Authorization', 'X-API-Key', 'api-key', 'Ocp-Apim-Subscription-Key',"
                    + " 'x-goog-api-key', 'anthropic-api-key', 'x-ms-*key*', 'x-ms-*token*',"
                    + " 'x-ms-*auth*', 'x-ms-client-principal*']",
            pattern = CredentialSettings.NAME,
            expected = CredentialSettings.NAME_WORDS)
        List<String> foundry,
    @Setting(
            value = "Header fields that go to legacy alone.",
            byDefault = "['Cookie']",
            pattern = CredentialSettings.NAME,
            expected = CredentialSettings.NAME_WORDS)
        List<String> legacy,
    @Setting(
            value = "Query parameters that go to Foundry alone, like its header fields.",
            byDefault = "['key', 'api-key', 'subscription-key']",
            pattern = CredentialSettings.NAME,
            expected = CredentialSettings.NAME_WORDS)
        List<String> query,
    @Setting(
            value =
                "Header fields that reach no provider: some backends let them change the request.",
            byDefault =
                "['X-Original-URL', 'X-Rewrite-URL', 'X-HTTP-Method-Override', 'X-HTTP-Method',"
                    + " 'X-Method-Override']",
            pattern = CredentialSettings.NAME,
            expected = CredentialSettings.NAME_WORDS)
        List<String> dropped) {
  static final String NAME = "^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}$";
  static final String NAME_WORDS = "a name, in which * stands for any text";

  /** Copies the lists, so that the record never changes. */
  public CredentialSettings {
    foundry = List.copyOf(foundry);
    legacy = List.copyOf(legacy);
    query = List.copyOf(query);
    dropped = List.copyOf(dropped);
  }
}

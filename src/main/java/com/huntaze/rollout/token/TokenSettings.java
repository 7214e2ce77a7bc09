package com.huntaze.rollout.token;

import com.huntaze.rollout.settings.Checked;
import com.huntaze.rollout.settings.Forms;
import com.huntaze.rollout.settings.HttpUrl;
import com.huntaze.rollout.settings.Problem;
import com.huntaze.rollout.settings.Setting;
import java.util.ArrayList;
import java.util.List;

/**
 * The bearer token of a provider, sent as {@code Authorization} in place of the client's.
 *
 * @param from the place that it comes from
 * @param file the file of the token, or of the federated token of a workload identity; or null
 * @param command the command that prints it, and its arguments
 * @param resource the resource that Entra ID issues it for
 * @param clientId the identity; empty = the system's own
 * @param tenantId the tenant of a workload identity
 * @param authority Entra ID
 * @param endpoint the endpoint of managed identities
 * @param endpointKey the key of that endpoint, where it has one; {@link #toString} does not show it
 */
public record TokenSettings(
    @Setting(
            value =
                "Where the token comes from: a `file` that changes, the `managed_identity` of an"
                    + " Azure machine or app, a `workload_identity`, or a `command` that prints it.")
        TokenOrigin from,
    @Setting(
            value =
                "The file with the token, or with the federated token of a workload identity"
                    + " (usually `${AZURE_FEDERATED_TOKEN_FILE}`).",
            byDefault = "null",
            pattern = Forms.FILE,
            expected = Forms.FILE_WORDS,
            file = true)
        String file,
    @Setting(
            value =
                "The command that prints the token, or JSON with `accessToken` or `access_token`,"
                    + " and its arguments: `[\"az\", \"account\", \"get-access-token\", \"--resource\","
                    + " \"https://cognitiveservices.azure.com\"]`.",
            byDefault = "[]",
            pattern = Forms.FILE,
            expected = "a word of the command")
        List<String> command,
    @Setting(
            value = "The resource that Entra ID issues the token for.",
            byDefault = "'https://cognitiveservices.azure.com'",
            pattern = "^[!-~]{1,256}$",
            expected = "the URL or id of a resource")
        String resource,
    @Setting(
            value = "The client id of the identity; empty is the system's own.",
            byDefault = "'${AZURE_CLIENT_ID:}'",
            pattern = "^[A-Za-z0-9-]{0,64}$",
            expected = "a client id")
        String clientId,
    @Setting(
            value = "The tenant of a workload identity.",
            byDefault = "'${AZURE_TENANT_ID:}'",
            pattern = "^[A-Za-z0-9.-]{0,128}$",
            expected = "a tenant's id or domain")
        String tenantId,
    @Setting(
            value = "Entra ID, for workload identities.",
            byDefault = "'${AZURE_AUTHORITY_HOST:https://login.microsoftonline.com}'")
        HttpUrl authority,
    @Setting(
            value = "The endpoint of managed identities.",
            byDefault =
                "'${IDENTITY_ENDPOINT:http://169.254.169.254/metadata/identity/oauth2/token}'")
        HttpUrl endpoint,
    @Setting(
            value = "The key of that endpoint, where it has one (App Service, Container Apps).",
            byDefault = "'${IDENTITY_HEADER:}'",
            pattern = Forms.HEADER_VALUE,
            expected = Forms.HEADER_VALUE_WORDS,
            secret = true)
        String endpointKey)
    implements Checked {

  /** Copies the list, so that the record never changes. */
  public TokenSettings {
    command = List.copyOf(command);
  }

  @Override
  public List<Problem> check() {
    List<Problem> problems = new ArrayList<>();
    boolean wantsFile = from == TokenOrigin.FILE || from == TokenOrigin.WORKLOAD_IDENTITY;
    if (wantsFile && file == null) {
      problems.add(new Problem("file", "missing", "a file, for a token from a " + label()));
    }
    if (from == TokenOrigin.COMMAND && command.isEmpty()) {
      problems.add(new Problem("command", "missing", "a command, for a token from one"));
    }
    if (from == TokenOrigin.WORKLOAD_IDENTITY && clientId.isEmpty()) {
      problems.add(new Problem("clientId", "missing", "the client id of the workload identity"));
    }
    if (from == TokenOrigin.WORKLOAD_IDENTITY && tenantId.isEmpty()) {
      problems.add(new Problem("tenantId", "missing", "the tenant of the workload identity"));
    }
    return problems;
  }

  private String label() {
    return from == TokenOrigin.FILE ? "file" : "workload identity";
  }

  /** Everything but the key. */
  @Override
  public String toString() {
    return "TokenSettings[from=%s, file=%s, command=%s, resource=%s, clientId=%s]"
        .formatted(from, file, command.isEmpty() ? "" : command.get(0), resource, clientId);
  }
}

package com.huntaze.rollout.upstream;

import com.huntaze.rollout.outcome.Dialect;
import com.huntaze.rollout.route.PlainPath;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Tells the deployment and the region of what answers a request: the deployment that the path
 * names, as Azure's do, then what the configuration says of the model.
 */
public final class Placements {
  private static final String FOLDER = "deployments";
  private static final String AZURE = "openai";

  /** A path comes from a client, and its deployment goes into headers and logs. */
  private static final Pattern NAME = Pattern.compile("[\\x20-\\x7e]{1,128}");

  private final Map<String, DeploymentSettings> configured;

  /**
   * @param configured by the name of the model or deployment
   */
  Placements(Map<String, DeploymentSettings> configured) {
    this.configured = configured;
  }

  /**
   * The place that answers a request.
   *
   * @param sentPath the path as the provider gets it, without a query
   * @param askedPath the path as the client wrote it, without a query
   * @param models the names of the model that the body asks for, as it is sent first; {@code null}
   *     is none
   */
  Placement of(String sentPath, String askedPath, String... models) {
    String inPath = deployment(sentPath);
    DeploymentSettings own = inPath == null ? null : configured.get(inPath);
    own = own == null ? find(deployment(askedPath)) : own;
    own = own == null ? find(models) : own;
    String deployment = inPath == null && own != null ? own.deployment() : inPath;
    return new Placement(deployment, own == null ? null : own.region());
  }

  private DeploymentSettings find(String... names) {
    for (String name : names) {
      DeploymentSettings own = name == null ? null : configured.get(name);
      if (own != null) {
        return own;
      }
    }
    return null;
  }

  /** The deployment that a path names; {@code null} = none. */
  public static String deployment(String path) {
    int folder = path.lastIndexOf("/" + FOLDER + "/");
    if (folder < 0) {
      return null;
    }
    int from = folder + FOLDER.length() + 2;
    int to = path.indexOf('/', from);
    boolean azure = path.startsWith("/" + AZURE, folder - AZURE.length() - 1);
    // Other applications have folders of that name, too.
    if (to < 0 || !azure && Dialect.inference(PlainPath.of(path)) == null) {
      return null;
    }
    String name = ModelNames.decoded(path.substring(from, to)).strip();
    return NAME.matcher(name).matches() ? name : null;
  }
}

package com.huntaze.rollout.tls;

import com.huntaze.rollout.settings.Problem;
import com.huntaze.rollout.settings.TlsSettings;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.net.ssl.X509KeyManager;

/** Tells what is wrong with PEM files before anything depends on them. */
public final class TlsFiles {
  private static final byte[] PROBE = {1, 2, 3};

  /** By the algorithm of the key. */
  private static final Map<String, String> SIGNATURES =
      Map.of(
          "RSA", "SHA256withRSA",
          "EC", "SHA256withECDSA",
          "EdDSA", "EdDSA");

  private TlsFiles() {}

  /**
   * Returns the problems of the files, with paths from the record on; empty = nothing. Blocks.
   *
   * @param tls {@code null} = there are none
   * @param listener whether they are a listener's, which cannot do without a certificate
   */
  public static List<Problem> problems(Vertx vertx, TlsSettings tls, boolean listener) {
    List<Problem> problems = new ArrayList<>();
    if (tls == null) {
      return problems;
    }
    if (listener && tls.certificate() == null) {
      problems.add(new Problem("certificate", "missing", "a PEM file, a listener needs one"));
    }
    boolean readable =
        readable("certificate", tls.certificate(), problems) & readable("key", tls.key(), problems);
    if (readable && tls.certificate() != null) {
      pair(vertx, tls, problems);
    }
    if (readable("ca", tls.ca(), problems) && tls.ca() != null) {
      authorities(vertx, tls, problems);
    }
    return problems;
  }

  private static boolean readable(String name, String file, List<Problem> problems) {
    if (file == null || Files.isRegularFile(Path.of(file)) && Files.isReadable(Path.of(file))) {
      return true;
    }
    problems.add(new Problem(name, shown(file), "a PEM file that can be read"));
    return false;
  }

  private static void pair(Vertx vertx, TlsSettings tls, List<Problem> problems) {
    X509KeyManager keys;
    try {
      keys = (X509KeyManager) TlsOptions.pair(tls).getKeyManagerFactory(vertx).getKeyManagers()[0];
    } catch (Exception strange) {
      // What the parser has to say may quote the file.
      problems.add(
          new Problem(
              "certificate",
              shown(tls.certificate()),
              "a PEM file with a certificate chain, and one with its private key in "
                  + shown(tls.key())));
      return;
    }
    if (!matches(keys)) {
      problems.add(
          new Problem(
              "key",
              shown(tls.key()),
              "the private key of the certificate in " + shown(tls.certificate())));
    }
  }

  private static boolean matches(X509KeyManager keys) {
    for (String algorithm : SIGNATURES.keySet()) {
      String[] aliases = keys.getServerAliases(algorithm, null);
      for (String alias : aliases == null ? new String[0] : aliases) {
        try {
          if (!signs(
              keys.getPrivateKey(alias), keys.getCertificateChain(alias)[0].getPublicKey())) {
            return false;
          }
        } catch (GeneralSecurityException unknown) {
          // An algorithm that is not known here: the handshake will tell.
        }
      }
    }
    return true;
  }

  private static boolean signs(PrivateKey key, PublicKey certified)
      throws GeneralSecurityException {
    if (!key.getAlgorithm().equals(certified.getAlgorithm())) {
      return false;
    }
    Signature signature = Signature.getInstance(SIGNATURES.get(key.getAlgorithm()));
    signature.initSign(key);
    signature.update(PROBE);
    byte[] signed = signature.sign();
    signature.initVerify(certified);
    signature.update(PROBE);
    return signature.verify(signed);
  }

  private static void authorities(Vertx vertx, TlsSettings tls, List<Problem> problems) {
    try {
      TlsOptions.authorities(tls).loadKeyStore(vertx);
    } catch (Exception strange) {
      problems.add(new Problem("ca", shown(tls.ca()), "a PEM file with certificates"));
    }
  }

  private static String shown(String file) {
    return '"' + file + '"';
  }
}

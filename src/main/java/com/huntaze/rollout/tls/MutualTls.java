package com.huntaze.rollout.tls;

import com.huntaze.rollout.settings.TlsSettings;
import io.vertx.core.Vertx;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * TLS among members that show each other certificates, outside of Vert.x: those of one authority
 * that carry one DNS name are let in, whatever address they come from, for members of a fleet have
 * addresses that nobody knows when the certificates are made. New files come in force without a new
 * context. Thread-safe.
 */
public final class MutualTls {
  private static final int DNS_NAME = 2;

  private final String name;
  private volatile X509ExtendedKeyManager keys;
  private volatile X509ExtendedTrustManager trust;

  /**
   * Reads the files. Blocks.
   *
   * @param name the DNS name that each member's certificate carries
   * @throws GeneralSecurityException if they cannot be used
   */
  public MutualTls(Vertx vertx, TlsSettings tls, String name) throws GeneralSecurityException {
    this.name = name;
    renew(vertx, tls);
  }

  /**
   * Puts other files in force, for connections from now on. Blocks.
   *
   * @throws GeneralSecurityException if they cannot be used; the old ones stay then
   */
  public void renew(Vertx vertx, TlsSettings tls) throws GeneralSecurityException {
    X509ExtendedKeyManager newKeys;
    X509ExtendedTrustManager newTrust;
    try {
      newKeys =
          (X509ExtendedKeyManager)
              TlsOptions.pair(tls).getKeyManagerFactory(vertx).getKeyManagers()[0];
      newTrust =
          (X509ExtendedTrustManager)
              TlsOptions.authorities(tls).getTrustManagerFactory(vertx).getTrustManagers()[0];
    } catch (Exception strange) {
      // What the parser has to say may quote the file.
      throw new GeneralSecurityException("the certificates cannot be used");
    }
    keys = newKeys;
    trust = newTrust;
  }

  /** A context that always goes by the newest files. */
  public SSLContext context() throws GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(new KeyManager[] {new NewestKeys()}, new TrustManager[] {new NewestTrust()}, null);
    return context;
  }

  /** Tells whether a certificate carries the name. */
  private void checkName(X509Certificate[] chain) throws CertificateException {
    Collection<List<?>> names = chain[0].getSubjectAlternativeNames();
    boolean carried =
        names != null
            && names.stream()
                .filter(each -> Integer.valueOf(DNS_NAME).equals(each.get(0)))
                .anyMatch(each -> name.equalsIgnoreCase(String.valueOf(each.get(1))));
    if (!carried) {
      throw new CertificateException(
          "a certificate without the DNS name %s, which members carry".formatted(name));
    }
  }

  private final class NewestTrust extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
        throws CertificateException {
      trust.checkClientTrusted(chain, type);
      checkName(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
        throws CertificateException {
      trust.checkServerTrusted(chain, type);
      checkName(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
        throws CertificateException {
      trust.checkClientTrusted(chain, type);
      checkName(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
        throws CertificateException {
      trust.checkServerTrusted(chain, type);
      checkName(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      trust.checkClientTrusted(chain, type);
      checkName(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      trust.checkServerTrusted(chain, type);
      checkName(chain);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return trust.getAcceptedIssuers();
    }
  }

  private final class NewestKeys extends X509ExtendedKeyManager {
    @Override
    public String[] getClientAliases(String type, Principal[] issuers) {
      return keys.getClientAliases(type, issuers);
    }

    @Override
    public String chooseClientAlias(String[] types, Principal[] issuers, Socket socket) {
      return keys.chooseClientAlias(types, issuers, socket);
    }

    @Override
    public String chooseEngineClientAlias(String[] types, Principal[] issuers, SSLEngine engine) {
      return keys.chooseEngineClientAlias(types, issuers, engine);
    }

    @Override
    public String[] getServerAliases(String type, Principal[] issuers) {
      return keys.getServerAliases(type, issuers);
    }

    @Override
    public String chooseServerAlias(String type, Principal[] issuers, Socket socket) {
      return keys.chooseServerAlias(type, issuers, socket);
    }

    @Override
    public String chooseEngineServerAlias(String type, Principal[] issuers, SSLEngine engine) {
      return keys.chooseEngineServerAlias(type, issuers, engine);
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
      return keys.getCertificateChain(alias);
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
      return keys.getPrivateKey(alias);
    }
  }
}

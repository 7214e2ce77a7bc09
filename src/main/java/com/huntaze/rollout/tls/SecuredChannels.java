package com.huntaze.rollout.tls;

import io.netty.channel.Channel;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.DelegatingSslContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.vertx.core.net.JdkSSLEngineOptions;
import io.vertx.core.spi.tls.SslContextFactory;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;

/**
 * The JDK's TLS for a listener. It hands over each channel whose handshake is done, on the
 * channel's event loop and before anything that it carries is read; Vert.x tells of an HTTP/2
 * connection when it has read the client's settings, which may never come.
 */
public final class SecuredChannels extends JdkSSLEngineOptions {
  private final Consumer<Channel> secured;

  /**
   * @param secured told of a channel whose handshake has succeeded
   */
  public SecuredChannels(Consumer<Channel> secured) {
    this.secured = secured;
  }

  @Override
  public SecuredChannels copy() {
    return this;
  }

  @Override
  public SslContextFactory sslContextFactory() {
    return new Factory(super.sslContextFactory(), secured);
  }

  /** Vert.x's own factory, whose contexts are told of. */
  private record Factory(SslContextFactory jdk, Consumer<Channel> secured)
      implements SslContextFactory {
    @Override
    public SslContextFactory useAlpn(boolean useAlpn) {
      jdk.useAlpn(useAlpn);
      return this;
    }

    @Override
    public SslContextFactory forServer(ClientAuth clientAuth) {
      jdk.forServer(clientAuth);
      return this;
    }

    @Override
    public SslContextFactory enabledProtocols(Set<String> protocols) {
      jdk.enabledProtocols(protocols);
      return this;
    }

    @Override
    public SslContextFactory keyMananagerFactory(KeyManagerFactory keys) {
      jdk.keyMananagerFactory(keys);
      return this;
    }

    @Override
    public SslContextFactory trustManagerFactory(TrustManagerFactory trust) {
      jdk.trustManagerFactory(trust);
      return this;
    }

    @Override
    public SslContextFactory enabledCipherSuites(Set<String> suites) {
      jdk.enabledCipherSuites(suites);
      return this;
    }

    @Override
    public SslContextFactory applicationProtocols(List<String> protocols) {
      jdk.applicationProtocols(protocols);
      return this;
    }

    @Override
    public SslContext create() throws SSLException {
      return new Context(jdk.create(), secured);
    }
  }

  private static final class Context extends DelegatingSslContext {
    private final Consumer<Channel> secured;

    private Context(SslContext jdk, Consumer<Channel> secured) {
      super(jdk);
      this.secured = secured;
    }

    @Override
    protected void initEngine(SSLEngine engine) {
      // Stays as the JDK has made it.
    }

    @Override
    protected void initHandler(SslHandler handler) {
      handler
          .handshakeFuture()
          .addListener(
              done -> {
                if (done.isSuccess()) {
                  secured.accept((Channel) done.getNow());
                }
              });
    }
  }
}

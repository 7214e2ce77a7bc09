package loadtest;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The least that a proxy on Netty does, on one event loop: with Netty's codecs of HTTP, or with
 * nothing but a look for the ends of messages. Arguments: port, port of the backend, {@code codecs}
 * or {@code raw}. For clients that wait for an answer before they send the next request.
 */
public final class NettyPipe {
  private final EventLoopGroup loop;
  private final int backend;
  private final boolean codecs;
  private final Deque<Origin> idle = new ArrayDeque<>();

  private NettyPipe(EventLoopGroup loop, int backend, boolean codecs) {
    this.loop = loop;
    this.backend = backend;
    this.codecs = codecs;
  }

  public static void main(String[] args) throws Exception {
    EventLoopGroup loop =
        new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("loop"), EpollIoHandler.newFactory());
    NettyPipe pipe = new NettyPipe(loop, Integer.parseInt(args[1]), args[2].equals("codecs"));
    new ServerBootstrap()
        .group(loop)
        .channel(EpollServerSocketChannel.class)
        .option(ChannelOption.SO_BACKLOG, 8_192)
        .childOption(ChannelOption.TCP_NODELAY, true)
        .childHandler(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel channel) {
                if (pipe.codecs) {
                  channel.pipeline().addLast(new HttpServerCodec());
                }
                channel.pipeline().addLast(pipe.new Front());
              }
            })
        .bind("127.0.0.1", Integer.parseInt(args[0]))
        .sync();
  }

  private boolean ends(MessageEnd end, Object message) {
    return codecs ? message instanceof LastHttpContent : end.ends((ByteBuf) message);
  }

  /** A client's connection. */
  private final class Front extends ChannelInboundHandlerAdapter {
    private final Deque<Object> waiting = new ArrayDeque<>();
    private final MessageEnd end = new MessageEnd();
    private Channel channel;
    private Origin origin;
    private boolean connecting;
    private boolean asked;

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
      channel = context.channel();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      if (asked) {
        // It does not wait for the answer.
        ReferenceCountUtil.release(message);
        context.close();
        return;
      }
      asked = ends(end, message);
      if (origin == null && !connecting) {
        take();
      }
      if (origin == null) {
        waiting.add(message);
      } else {
        origin.channel.write(message);
      }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
      if (origin != null) {
        origin.channel.flush();
      }
    }

    private void take() {
      Origin next = idle.poll();
      if (next != null) {
        begin(next);
        return;
      }
      connecting = true;
      Origin made = new Origin();
      new Bootstrap()
          .group(loop)
          .channel(EpollSocketChannel.class)
          .option(ChannelOption.TCP_NODELAY, true)
          .handler(
              new ChannelInitializer<Channel>() {
                @Override
                protected void initChannel(Channel connected) {
                  if (codecs) {
                    connected.pipeline().addLast(new HttpClientCodec());
                  }
                  connected.pipeline().addLast(made);
                }
              })
          .connect("127.0.0.1", backend)
          .addListener(
              connected -> {
                connecting = false;
                if (!connected.isSuccess() || !channel.isActive()) {
                  channel.close();
                  return;
                }
                begin(made);
                waiting.forEach(made.channel::write);
                waiting.clear();
                made.channel.flush();
              });
    }

    private void begin(Origin next) {
      origin = next;
      next.front = this;
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      waiting.forEach(ReferenceCountUtil::release);
      waiting.clear();
      if (origin != null) {
        origin.channel.close();
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      context.close();
    }
  }

  /** A connection to the backend. */
  private final class Origin extends ChannelInboundHandlerAdapter {
    private final MessageEnd end = new MessageEnd();
    private Channel channel;
    private Front front;
    private Front served;

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
      channel = context.channel();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      if (front == null) {
        ReferenceCountUtil.release(message);
        context.close();
        return;
      }
      served = front;
      boolean over = ends(end, message);
      front.channel.write(message);
      if (over) {
        front.origin = null;
        front.asked = false;
        front = null;
        idle.push(this);
      }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
      if (served != null) {
        served.channel.flush();
        served = null;
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      idle.remove(this);
      if (front != null) {
        front.channel.close();
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      context.close();
    }
  }
}

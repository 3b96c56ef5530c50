package dev.sluice.bench;

import dev.sluice.engine.CompiledRule;
import dev.sluice.engine.HttpPort;
import dev.sluice.engine.Observer;
import dev.sluice.engine.Reporting;
import dev.sluice.engine.StageChain;
import dev.sluice.engine.Telemetry;
import dev.sluice.filter.Filters;
import dev.sluice.fixture.gateway.RuleBuilder;
import dev.sluice.forward.RuleBackends;
import dev.sluice.forward.RuleForwarder;
import dev.sluice.forward.Targets;
import dev.sluice.forward.UpstreamRetryPolicy;
import dev.sluice.ir.AttachedRule;
import dev.sluice.ir.HostPattern;
import dev.sluice.ir.HttpFilter;
import dev.sluice.ir.HttpListener;
import dev.sluice.ir.HttpRule;
import dev.sluice.ir.Port;
import dev.sluice.net.Connection;
import dev.sluice.net.TrustedProxies;
import dev.sluice.route.RouteTable;
import dev.sluice.server.Http1ServerConnection;
import dev.sluice.server.ServerSettings;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// A browser's request through all that a rule's answer takes but the backend: parser, checks,
/// forwarding fields, route, stages, writer. Beside it Netty's own codec, which parses and writes
/// the same and decides nothing.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class RequestBenchmark {

    private static final byte[] REQUEST =
            """
            GET /shop/items/42?sort=price HTTP/1.1
            Host: shop.example.com
            User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0
            Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8
            Accept-Language: en-US,en;q=0.5
            Accept-Encoding: gzip, deflate, br
            Cookie: session=0123456789abcdef; theme=dark
            Connection: keep-alive
            Upgrade-Insecure-Requests: 1

            """
                    .replace("\n", "\r\n")
                    .getBytes(StandardCharsets.US_ASCII);

    private static final InetSocketAddress ADDRESS =
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 80);

    private final EmbeddedChannel gateway = gateway();
    private final EmbeddedChannel codec = new EmbeddedChannel(new HttpServerCodec(), new Codec());

    private static EmbeddedChannel gateway() {
        EmbeddedChannel channel = new EmbeddedChannel();
        Connection connection =
                Connection.of(ADDRESS, ADDRESS, null, false, null, TrustedProxies.NONE);
        HttpPort port = new HttpPort(80, table(), Observer.NONE);
        channel.pipeline()
                .addLast(
                        new Http1ServerConnection(
                                channel, connection, port, ServerSettings.DEFAULT));
        return channel;
    }

    private static RouteTable<CompiledRule> table() {
        AttachedRule attached =
                RuleBuilder.rule("ns", "shop", 0)
                        .prefix("/shop")
                        .filters(
                                new HttpFilter.RequestHeaders(edit("x-team", "shop")),
                                new HttpFilter.ResponseHeaders(edit("cache-control", "no-store")),
                                new HttpFilter.Redirect("https", null, null, null, 302))
                        .attached(new HostPattern("shop.example.com"));
        HttpListener listener =
                new HttpListener("ns/gw/http", HostPattern.ANY, null, List.of(attached));
        return RouteTable.compile(
                new Port("ns/gw:80", "ns/gw", "", 0, 80, List.of(listener)),
                RequestBenchmark::compiled);
    }

    private static HttpFilter.HeaderEdit edit(String name, String value) {
        return new HttpFilter.HeaderEdit(
                List.of(new HttpFilter.Field(name, value)), List.of(), List.of());
    }

    private static CompiledRule compiled(HttpRule rule) {
        return new CompiledRule(
                rule.origin().id(),
                rule,
                new StageChain(Filters.stages(rule.filters())),
                null,
                new RuleForwarder(
                        new RuleBackends(new Targets(List.of()), null, 0, UpstreamRetryPolicy.NONE),
                        List.of()),
                0,
                new Reporting(Observer.NONE, Telemetry.NONE));
    }

    /// Answers any request.
    private static final class Codec extends SimpleChannelInboundHandler<HttpObject> {
        @Override
        protected void channelRead0(ChannelHandlerContext context, HttpObject message) {
            if (message instanceof HttpRequest request) {
                FullHttpResponse response =
                        new DefaultFullHttpResponse(
                                HttpVersion.HTTP_1_1,
                                HttpResponseStatus.FOUND,
                                Unpooled.EMPTY_BUFFER);
                response.headers()
                        .set(HttpHeaderNames.LOCATION, "https://shop" + request.uri())
                        .set(HttpHeaderNames.CACHE_CONTROL, "no-store")
                        .setInt(HttpHeaderNames.CONTENT_LENGTH, 0);
                context.writeAndFlush(response);
            }
        }
    }

    private static int exchange(EmbeddedChannel channel) {
        ByteBuf request = channel.alloc().buffer(REQUEST.length).writeBytes(REQUEST);
        channel.writeInbound(request);
        int bytes = 0;
        for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
            bytes += out.readableBytes();
            out.release();
        }
        if (bytes < 50) {
            throw new IllegalStateException("no answer");
        }
        return bytes;
    }

    /// Through the engine.
    @Benchmark
    public int engine() {
        return exchange(gateway);
    }

    /// Through Netty's codec alone.
    @Benchmark
    public int nettyCodec() {
        return exchange(codec);
    }
}

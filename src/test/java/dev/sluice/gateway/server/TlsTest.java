package dev.sluice.gateway.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.fixture.TestCertificates;
import dev.sluice.fixture.gateway.RuleBuilder;
import dev.sluice.fixture.gateway.TestGateway;
import dev.sluice.fixture.wire.RawBackend;
import dev.sluice.ir.AttachedRule;
import dev.sluice.ir.Configuration;
import dev.sluice.ir.HostPattern;
import dev.sluice.ir.HttpListener;
import dev.sluice.ir.Port;
import dev.sluice.ir.Tls;
import dev.sluice.ir.Upstream;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// TLS termination: certificates by server name, changed live; and 421.
class TlsTest {

    private static final Tls FIRST = new Tls(List.of(TestCertificates.make("first", "EC")), null);
    private static final Tls SECOND =
            new Tls(List.of(TestCertificates.make("second", "RSA")), null);

    private static Configuration configuration(RawBackend backend, Tls first, Tls second) {
        List<HttpListener> listeners = new ArrayList<>();
        List<AttachedRule> attached =
                List.of(RuleBuilder.rule(0).to("one").attached(HostPattern.ANY));
        listeners.add(new HttpListener("test/gw/a", new HostPattern("a.example"), first, attached));
        listeners.add(
                new HttpListener("test/gw/b", new HostPattern("*.b.example"), second, attached));
        Port port = new Port(TestGateway.PORT, "test/gw", "127.0.0.1", 0, 443, listeners);
        Upstream upstream =
                new Upstream("one", Upstream.Protocol.HTTP1, null, List.of(backend.endpoint()));
        return new Configuration(List.of(port), Map.of("one", upstream));
    }

    /// Connects and returns the common name of the certificate, with the answer to a request.
    private static String get(int port, @Nullable String serverName, String host) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new TrustAll()}, null);
        try (SSLSocket socket =
                (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port)) {
            socket.setSoTimeout(10_000);
            SSLParameters parameters = socket.getSSLParameters();
            if (serverName != null) {
                parameters.setServerNames(List.of(new SNIHostName(serverName)));
            }
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            X509Certificate certificate =
                    (X509Certificate) socket.getSession().getPeerCertificates()[0];
            socket.getOutputStream()
                    .write(
                            RawBackend.bytes(
                                    "GET / HTTP/1.1\r\nHost: "
                                            + host
                                            + "\r\nConnection: close\r\n\r\n"));
            String answer =
                    new String(
                            socket.getInputStream().readAllBytes(),
                            java.nio.charset.StandardCharsets.ISO_8859_1);
            return certificate.getSubjectX500Principal().getName() + " " + answer.substring(9, 12);
        }
    }

    @Test
    void certificate_isChosenByServerName() throws Exception {
        try (RawBackend backend = RawBackend.echo();
                TestGateway gateway = new TestGateway()) {
            gateway.publish(configuration(backend, FIRST, SECOND));
            assertThat(get(gateway.port(), "a.example", "a.example")).isEqualTo("CN=first 200");
            assertThat(get(gateway.port(), "x.b.example", "x.b.example"))
                    .isEqualTo("CN=second 200");
        }
    }

    @Test
    void unknownServerName_endsTheHandshake() throws Exception {
        try (RawBackend backend = RawBackend.echo();
                TestGateway gateway = new TestGateway()) {
            gateway.publish(configuration(backend, FIRST, SECOND));
            assertThatThrownBy(() -> get(gateway.port(), "c.example", "c.example"))
                    .isInstanceOf(SSLException.class);
            assertThatThrownBy(() -> get(gateway.port(), null, "a.example"))
                    .isInstanceOf(SSLException.class);
        }
    }

    @Test
    void hostOfAnotherListener_isMisdirected() throws Exception {
        try (RawBackend backend = RawBackend.echo();
                TestGateway gateway = new TestGateway()) {
            gateway.publish(configuration(backend, FIRST, SECOND));
            assertThat(get(gateway.port(), "a.example", "x.b.example")).isEqualTo("CN=first 421");
        }
    }

    @Test
    void certificate_isReplacedLive() throws Exception {
        try (RawBackend backend = RawBackend.echo();
                TestGateway gateway = new TestGateway()) {
            gateway.publish(configuration(backend, FIRST, SECOND));
            int port = gateway.port();
            gateway.publish(configuration(backend, SECOND, SECOND));
            assertThat(gateway.port()).isEqualTo(port);
            assertThat(get(port, "a.example", "a.example")).isEqualTo("CN=second 200");
        }
    }

    /// The tests look at the certificate themselves.
    private static final class TrustAll implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}

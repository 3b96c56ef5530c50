import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/// Traffic for the training run of the AOT cache: the worked example's rules over HTTP/1.1 and HTTP/2, so
/// that the classes and the profiles of the data path are in the cache. Arguments: the ports for HTTP,
/// HTTPS and management.
final class Traffic {

    private static final int REQUESTS = 3000;

    public static void main(String[] ports) throws Exception {
        System.setProperty("jdk.httpclient.allowRestrictedHeaders", "host");
        System.setProperty("jdk.internal.httpclient.disableHostnameVerification", "true");
        SSLContext trusting = SSLContext.getInstance("TLS");
        trusting.init(null, new TrustManager[] {new Anybody()}, new SecureRandom());
        HttpClient client = HttpClient.newBuilder().sslContext(trusting).build();
        awaitReady(client, "http://127.0.0.1:" + ports[2]);
        List<HttpRequest> requests =
                List.of(
                        get("http://127.0.0.1:" + ports[0] + "/shoes", "store.example.com"),
                        get("http://127.0.0.1:" + ports[0] + "/api/v1/x?a=1", "account.example.com"),
                        get("http://127.0.0.1:" + ports[0] + "/spring", "account.example.com"),
                        get("http://127.0.0.1:" + ports[0] + "/shoes", "old.example.com"),
                        get("http://127.0.0.1:" + ports[0] + "/", "nobody.example.com"),
                        get("https://localhost:" + ports[1] + "/shoes", "store.example.com"),
                        get("http://127.0.0.1:" + ports[2] + "/actuator/prometheus", "localhost"),
                        get("http://127.0.0.1:" + ports[2] + "/actuator/health/liveness", "localhost"));
        for (int i = 0; i < REQUESTS; i++) {
            for (HttpRequest request : requests.subList(0, i % 100 == 0 ? requests.size() : 6)) {
                client.send(request, BodyHandlers.discarding());
            }
        }
    }

    private static HttpRequest get(String uri, String host) {
        return HttpRequest.newBuilder(URI.create(uri)).header("host", host).build();
    }

    private static void awaitReady(HttpClient client, String management) throws Exception {
        HttpRequest readiness = get(management + "/actuator/health/readiness", "localhost");
        Instant end = Instant.now().plus(Duration.ofMinutes(5)); // on a busy machine
        while (Instant.now().isBefore(end)) {
            try {
                if (client.send(readiness, BodyHandlers.discarding()).statusCode() == 200) {
                    return;
                }
            } catch (java.io.IOException e) {
                // not listening yet
            }
            Thread.sleep(50);
        }
        throw new IllegalStateException("Sluice did not become ready");
    }

    private static final class Anybody extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, java.net.Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, java.net.Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, javax.net.ssl.SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, javax.net.ssl.SSLEngine engine) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}

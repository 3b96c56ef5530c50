package dev.sluice.integration;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A headless Chromium with one tab, driven by the Chrome DevTools Protocol.
final class Browser implements AutoCloseable {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final List<String> NAMES =
            List.of("chromium", "chromium-browser", "google-chrome");

    private final HttpClient client = HttpClient.newHttpClient();
    private final Process process;
    private final WebSocket tab;
    private final BlockingQueue<JsonNode> answers = new LinkedBlockingQueue<>();
    private int last;

    /// The browser of this machine, if it has one.
    static Optional<Path> installed() {
        return NAMES.stream()
                .map(name -> Path.of("/usr/bin", name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /// @param profile an empty folder
    Browser(Path command, Path profile) throws Exception {
        process =
                new ProcessBuilder(
                                command.toString(),
                                "--headless=new",
                                "--no-sandbox",
                                "--disable-gpu",
                                "--disable-dev-shm-usage",
                                "--ignore-certificate-errors",
                                "--no-first-run",
                                "--host-resolver-rules=MAP *.example.com 127.0.0.1",
                                "--remote-debugging-port=0",
                                "--user-data-dir=" + profile,
                                "about:blank")
                        .redirectErrorStream(true)
                        .redirectOutput(profile.resolve("log").toFile())
                        .start();
        Path file = profile.resolve("DevToolsActivePort");
        String port = await("its port", () -> line(file), text -> !text.isEmpty());
        JsonNode tabs =
                JSON.readTree(
                        client.send(
                                        HttpRequest.newBuilder(
                                                        URI.create(
                                                                "http://127.0.0.1:"
                                                                        + port
                                                                        + "/json/list"))
                                                .build(),
                                        BodyHandlers.ofString())
                                .body());
        String address =
                tabs.valueStream()
                        .filter(each -> each.path("type").asString("").equals("page"))
                        .findFirst()
                        .orElseThrow()
                        .path("webSocketDebuggerUrl")
                        .asString();
        tab = client.newWebSocketBuilder().buildAsync(URI.create(address), new Listener()).join();
    }

    private static String line(Path file) {
        try {
            return Files.exists(file)
                    ? Files.readAllLines(file).stream().findFirst().orElse("")
                    : "";
        } catch (IOException _) {
            return "";
        }
    }

    private final class Listener implements WebSocket.Listener {

        private final StringBuilder text = new StringBuilder();

        @Override
        public @Nullable CompletionStage<?> onText(
                WebSocket socket, CharSequence part, boolean end) {
            text.append(part);
            if (end) {
                answers.add(JSON.readTree(text.toString()));
                text.setLength(0);
            }
            socket.request(1);
            return null;
        }
    }

    private JsonNode call(String method, Map<String, ?> params) throws InterruptedException {
        int id = ++last;
        String message =
                JSON.writeValueAsString(Map.of("id", id, "method", method, "params", params));
        tab.sendText(message, true).join();
        while (true) {
            JsonNode answer = answers.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            if (answer == null) {
                throw new IllegalStateException("no answer to " + method);
            }
            if (answer.path("id").asInt(0) == id) {
                return answer.path("result");
            }
        }
    }

    /// Goes to an address, by way of all redirects.
    void open(String address) throws InterruptedException {
        JsonNode result = call("Page.navigate", Map.of("url", address));
        if (!result.path("errorText").asString("").isEmpty()) {
            throw new IllegalStateException(address + ": " + result.path("errorText").asString());
        }
    }

    /// The value of a script.
    String script(String expression) throws InterruptedException {
        JsonNode value =
                call("Runtime.evaluate", Map.of("expression", "String(" + expression + ")"))
                        .path("result")
                        .path("value");
        return value.asString("");
    }

    /// Waits for a page whose address and text fit.
    ///
    /// @return its text
    String page(Predicate<String> address, Predicate<String> text) {
        String page =
                await(
                        "the page",
                        () -> {
                            try {
                                return script(
                                        "document.readyState + ' ' + location.href + '\\n' +"
                                                + " (document.body ? document.body.innerText : '')");
                            } catch (InterruptedException e) {
                                throw new IllegalStateException(e);
                            }
                        },
                        all -> {
                            int end = all.indexOf('\n');
                            return all.startsWith("complete ")
                                    && address.test(all.substring(9, end))
                                    && text.test(all.substring(end + 1));
                        });
        return page.substring(page.indexOf('\n') + 1);
    }

    private interface Look {
        String now();
    }

    private static String await(String what, Look look, Predicate<String> wanted) {
        Instant end = Instant.now().plus(PATIENCE);
        String seen = look.now();
        while (!wanted.test(seen)) {
            if (Instant.now().isAfter(end)) {
                throw new IllegalStateException("waited for " + what + ", and there is: " + seen);
            }
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
            seen = look.now();
        }
        return seen;
    }

    @Override
    public void close() {
        tab.abort();
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        client.close();
    }
}

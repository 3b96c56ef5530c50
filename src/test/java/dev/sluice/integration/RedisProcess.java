package dev.sluice.integration;

import dev.sluice.fixture.Loopback;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// A redis-server of this machine, as a process of its own.
final class RedisProcess implements AutoCloseable {

    private static final Duration START = Duration.ofSeconds(30);

    private final int port;
    private final List<String> command;
    private final Path log;
    private Process process;

    /// @param settings as in redis.conf, a line each
    RedisProcess(Path folder, String... settings) throws IOException {
        this(folder, Loopback.freePort(), false, settings);
    }

    private RedisProcess(Path folder, int port, boolean sentinel, String... settings)
            throws IOException {
        this.port = port;
        Path home = Files.createDirectories(folder.resolve("redis-" + port));
        Path file = home.resolve("redis.conf");
        List<String> lines = new ArrayList<>();
        if (List.of(settings).stream().noneMatch(line -> line.startsWith("port "))) {
            lines.add("port " + port);
        }
        lines.add("bind 127.0.0.1");
        lines.add("dir " + home);
        if (!sentinel) {
            lines.add("save \"\"");
        }
        lines.addAll(List.of(settings));
        Files.write(file, lines);
        log = home.resolve("log");
        command = new ArrayList<>(List.of("redis-server", file.toString()));
        if (sentinel) {
            command.add("--sentinel");
        }
        start();
    }

    static RedisProcess sentinel(Path folder, int master) throws IOException {
        return new RedisProcess(
                folder,
                Loopback.freePort(),
                true,
                "sentinel monitor limits 127.0.0.1 " + master + " 1",
                "sentinel down-after-milliseconds limits 500",
                "sentinel failover-timeout limits 5000");
    }

    void start() throws IOException {
        process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        Instant end = Instant.now().plus(START);
        while (!isThere()) {
            if (!process.isAlive() || Instant.now().isAfter(end)) {
                throw new IllegalStateException("redis did not start: " + Files.readString(log));
            }
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
        }
    }

    private boolean isThere() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    int port() {
        return port;
    }

    void kill() {
        process.destroyForcibly().onExit().join();
    }

    /// Runs redis-cli.
    static String cli(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("redis-cli"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(30, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new IllegalStateException(command + ": " + out);
        }
        return out;
    }

    @Override
    public void close() {
        kill();
    }
}

package dev.sluice.source.kubernetes.api;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Connections to the API server for watches whose number nobody bounds. Each takes a stream of
/// HTTP/2 for as long as it lasts, of which a server permits about 100 to a connection.
public final class ApiConnections implements AutoCloseable {

    /// Watches of one connection: the rest of its streams is for their lists.
    public static final int MOST_WATCHES = 50;

    private final KubernetesClient like;
    private final List<ApiConnection> connections = new ArrayList<>();

    /// @param like knows the API server, and our credentials
    public ApiConnections(KubernetesClient like) {
        this.like = like;
    }

    /// A connection of its own.
    public static final class ApiConnection {
        private final KubernetesClient client;
        private final ApiServer server;
        private int watches;

        private ApiConnection(KubernetesClient client) {
            this.client = client;
            this.server = new ApiServer(client);
        }

        public ApiServer server() {
            return server;
        }
    }

    /// A client like another one, with a connection of its own.
    public static KubernetesClient another(KubernetesClient like) {
        return new KubernetesClientBuilder().withConfig(like.getConfiguration()).build();
    }

    /// One that has room for a watch more.
    public synchronized ApiConnection take() {
        ApiConnection free = free();
        if (free == null) {
            free = new ApiConnection(another(like));
            connections.add(free);
        }
        free.watches++;
        return free;
    }

    private @Nullable ApiConnection free() {
        return connections.stream()
                .filter(each -> each.watches < MOST_WATCHES)
                .findFirst()
                .orElse(null);
    }

    /// The watch is over.
    public synchronized void release(ApiConnection connection) {
        if (--connection.watches == 0) {
            connections.remove(connection);
            connection.client.close();
        }
    }

    /// How many are open.
    public synchronized int size() {
        return connections.size();
    }

    @Override
    public synchronized void close() {
        connections.forEach(each -> each.client.close());
        connections.clear();
    }
}

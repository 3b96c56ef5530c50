package dev.sluice.engine;

import dev.sluice.http.ResponseHead;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;

/// The stages of a rule, or those of one of its backends, shared by all requests.
public final class StageChain {

    public static final StageChain NONE = new StageChain(List.of());

    private final Stage[] stages;

    /// @param stages in the order of [FilterOrder]
    public StageChain(List<? extends Stage> stages) {
        this.stages = stages.toArray(Stage[]::new);
    }

    int size() {
        return stages.length;
    }

    /// Passes a request through one stage.
    ///
    /// @param index 0 for the first
    Stage.StageResult request(int index, Exchange exchange) {
        return stages[index].request(exchange);
    }

    /// Passes a request through all stages, of which none may defer.
    ///
    /// @return false when one has answered
    public boolean request(Exchange exchange) {
        for (Stage stage : stages) {
            if (stage.request(exchange) != Stage.StageResult.NEXT) {
                return false;
            }
        }
        return true;
    }

    /// Passes the head of a response through all stages, the last one first.
    public void response(Exchange exchange, ResponseHead head) {
        for (int i = stages.length - 1; i >= 0; i--) {
            stages[i].response(exchange, head);
        }
    }

    void requestTrailers(Exchange exchange, HttpHeaders trailers) {
        for (Stage stage : stages) {
            stage.requestTrailers(exchange, trailers);
        }
    }

    void responseTrailers(Exchange exchange, HttpHeaders trailers) {
        for (Stage stage : stages) {
            stage.responseTrailers(exchange, trailers);
        }
    }
}

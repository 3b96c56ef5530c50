package dev.sluice.filter;

import dev.sluice.engine.Exchange;
import dev.sluice.engine.FilterOrder;
import dev.sluice.engine.Stage;
import dev.sluice.ir.HttpFilter.PathRewrite;
import org.jspecify.annotations.Nullable;

/// `URLRewrite`.
record RewriteStage(@Nullable String hostname, @Nullable PathRewrite path) implements Stage {

    @Override
    public FilterOrder order() {
        return FilterOrder.REWRITE;
    }

    @Override
    public StageResult request(Exchange exchange) {
        if (hostname != null) {
            exchange.request().authority(hostname);
        }
        if (path != null) {
            exchange.request().path(PathChange.apply(path, exchange));
        }
        return StageResult.NEXT;
    }
}

package dev.sluice.filter;

import dev.sluice.engine.Stage;
import dev.sluice.ir.HttpFilter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Makes stages of the filters of a rule or backend.
public final class Filters {

    private Filters() {}

    /// The stages in the order in which they run. Three kinds are left out: an external
    /// authorization needs a backend, Spring filters run together in the Spring stage, mirrors are
    /// backends of the engine.
    public static List<Stage> stages(List<HttpFilter> filters) {
        List<Stage> stages = new ArrayList<>();
        for (HttpFilter filter : filters) {
            Stage stage = stage(filter);
            if (stage != null) {
                stages.add(stage);
            }
        }
        stages.sort(Comparator.comparing(Stage::order));
        return stages;
    }

    /// The stage of a filter, null for the three kinds that have none of their own.
    public static @Nullable Stage stage(HttpFilter filter) {
        return switch (filter) {
            case HttpFilter.RequestHeaders(var edit) ->
                    new RequestHeadersStage(new HeaderChange(edit));
            case HttpFilter.ResponseHeaders(var edit) ->
                    new ResponseHeadersStage(new HeaderChange(edit));
            case HttpFilter.Redirect redirect -> new RedirectStage(redirect);
            case HttpFilter.Rewrite(var hostname, var path) -> new RewriteStage(hostname, path);
            case HttpFilter.Cors cors -> new CorsStage(cors);
            case HttpFilter.ExternalAuth _, HttpFilter.Mirror _, HttpFilter.Spring _ -> null;
        };
    }
}

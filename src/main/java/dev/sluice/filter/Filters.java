package dev.sluice.filter;

import dev.sluice.engine.Stage;
import dev.sluice.ir.HttpFilter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Makes stages of the filters of a rule or backend.
public final class Filters {

    private Filters() {}

    /// The stages in the order in which they run. Two kinds are left out: Spring filters run together
    /// in the Spring stage, mirrors are backends of the engine.
    public static List<Stage> stages(List<HttpFilter> filters) {
        List<Stage> stages = new ArrayList<>();
        for (HttpFilter filter : filters) {
            switch (filter) {
                case HttpFilter.RequestHeaders(var edit) ->
                        stages.add(new RequestHeaders(new HeaderChange(edit)));
                case HttpFilter.ResponseHeaders(var edit) ->
                        stages.add(new ResponseHeaders(new HeaderChange(edit)));
                case HttpFilter.Redirect redirect -> stages.add(new Redirect(redirect));
                case HttpFilter.Rewrite(var hostname, var path) ->
                        stages.add(new Rewrite(hostname, path));
                case HttpFilter.Cors cors -> stages.add(new Cors(cors));
                case HttpFilter.Mirror _, HttpFilter.Spring _ -> {}
            }
        }
        stages.sort(Comparator.comparing(Stage::order));
        return stages;
    }
}

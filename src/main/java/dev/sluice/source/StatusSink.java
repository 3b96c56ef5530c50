package dev.sluice.source;

import dev.sluice.resource.Statuses;

/// Takes the statuses of each generation.
public interface StatusSink {

    void write(Statuses statuses);
}

package dev.sluice.resource;

import java.util.Collections;
import java.util.Map;

/// The statuses of all objects that are ours to judge.
///
/// @param byObject handed over: nobody changes it any more
public record Statuses(Map<ObjectRef, Status> byObject) {

    public static final Statuses NONE = new Statuses(Map.of());

    public Statuses {
        byObject = Collections.unmodifiableMap(byObject);
    }
}

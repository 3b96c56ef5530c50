package dev.sluice.resource;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// The statuses of all objects that are ours to judge.
public record Statuses(SortedMap<ObjectRef, Status> byObject) {

    public static final Statuses NONE = new Statuses(Map.of());

    public Statuses(Map<ObjectRef, Status> byObject) {
        this((SortedMap<ObjectRef, Status>) new TreeMap<>(byObject));
    }
}

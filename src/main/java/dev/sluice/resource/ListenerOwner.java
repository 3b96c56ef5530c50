package dev.sluice.resource;

/// What has listeners that routes attach to.
public sealed interface ListenerOwner extends Resource permits Gateway, ListenerSet {}

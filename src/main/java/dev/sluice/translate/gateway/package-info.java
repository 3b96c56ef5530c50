/// Gateways, ListenerSets and their listeners: conflicts, ports, and the Services that give
/// addresses.
@NullMarked
package dev.sluice.translate.gateway;

import org.jspecify.annotations.NullMarked;

package dev.sluice.ir;

import java.util.List;

/// The rule of a TCPRoute or TLSRoute: each connection goes to one backend.
///
/// @param origin where it was written
/// @param backends weighted; a share of [Backend.Invalid], or none, ends the connection
public record L4Rule(Origin origin, List<Backend> backends) {

    public L4Rule {
        backends = List.copyOf(backends);
    }
}

package dev.sluice.dataplane;

import dev.sluice.ir.AttachedPolicy;
import dev.sluice.ir.HttpFilter;

/// Where the parts of a rule stand on the way of a request to the backend: smaller numbers run
/// first, equal ones in the order in which they were written. The data path knows.
public interface RunOrder {

    int of(HttpFilter filter);

    int of(AttachedPolicy policy);
}

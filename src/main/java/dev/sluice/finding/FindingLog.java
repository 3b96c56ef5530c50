package dev.sluice.finding;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Logs each finding once, and again when what it is about was saved again ([Place#revision]). Used
/// by one thread.
public final class FindingLog {

    private static final Logger LOG = LoggerFactory.getLogger(FindingLog.class);

    /// Lines of a turn: thousands of objects may be wrong at once.
    private static final int MOST = 100;

    private Set<Finding> known = Set.of();

    /// @param now all findings there are
    public void report(Collection<Finding> now) {
        int lines = 0;
        for (Finding finding : now) {
            if (known.contains(finding) || lines++ >= MOST) {
                continue;
            }
            switch (finding.severity()) {
                case ERROR -> LOG.error("{}", finding);
                case WARNING -> LOG.warn("{}", finding);
            }
        }
        if (lines > MOST) {
            LOG.warn("{} more findings; /actuator/statuses has all", lines - MOST);
        }
        known = new HashSet<>(now);
    }
}

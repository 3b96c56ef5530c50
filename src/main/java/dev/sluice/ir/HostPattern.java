package dev.sluice.ir;

import java.util.Locale;

/// A hostname as Gateway API writes it: exact (`a.example.com`), wildcard (`*.example.com`, any
/// number of labels in place of the star, at least one), or empty for every host.
///
/// @param value in lower case
public record HostPattern(String value) implements Comparable<HostPattern> {

    /// Takes every host.
    public static final HostPattern ANY = new HostPattern("");

    public HostPattern {
        value = value.toLowerCase(Locale.ROOT);
    }

    public boolean isAny() {
        return value.isEmpty();
    }

    public boolean isWildcard() {
        return value.startsWith("*.");
    }

    public boolean isExact() {
        return !isAny() && !isWildcard();
    }

    /// The part behind the star, with its dot: `.example.com`. Only for wildcards.
    public String suffix() {
        return value.substring(1);
    }

    /// Whether a host (lower case, without port) is taken.
    public boolean matches(String host) {
        if (isAny()) {
            return true;
        }
        return isWildcard()
                ? host.length() > value.length() - 1 && host.endsWith(suffix())
                : value.equals(host);
    }

    /// Whether some host is taken by both patterns.
    public boolean intersects(HostPattern other) {
        if (isAny() || other.isAny()) {
            return true;
        }
        if (isWildcard() && other.isWildcard()) {
            return suffix().endsWith(other.suffix()) || other.suffix().endsWith(suffix());
        }
        return isWildcard() ? matches(other.value) : other.matches(value);
    }

    /// More specific first: exact, longer wildcard, shorter wildcard, any.
    @Override
    public int compareTo(HostPattern other) {
        int byKind = Integer.compare(other.rank(), rank());
        if (byKind != 0) {
            return byKind;
        }
        int byLength = Integer.compare(other.value.length(), value.length());
        return byLength != 0 ? byLength : value.compareTo(other.value);
    }

    private int rank() {
        return isAny() ? 0 : isWildcard() ? 1 : 2;
    }

    @Override
    public String toString() {
        return isAny() ? "*" : value;
    }
}

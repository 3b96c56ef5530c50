"""The targets, each a figure of one run and its bound."""
import statistics
from dataclasses import dataclass


@dataclass(frozen=True)
class Target:
    figure: str
    measured: float | None
    bound: float
    stretch: float | None
    unit: str = "×"

    @property
    def verdict(self):
        if self.measured is None:
            return "not measured"
        if self.stretch is not None and self.measured <= self.stretch:
            return "stretch reached"
        return "reached" if self.measured <= self.bound else "missed"


def _median(results, scenario, subject, figure):
    rounds = results.get(scenario, {}).get(subject)
    return statistics.median(each[figure] for each in rounds) if rounds else None


def ratios(results, scenario, subject, peer, figure="us_per_request"):
    """The ratio within each round: a machine that is slower for a while is so for both."""
    own, other = (results.get(scenario, {}).get(name, []) for name in (subject, peer))
    return [mine[figure] / theirs[figure] for mine, theirs in zip(own, other)]


def _ratio(*arguments):
    each = ratios(*arguments)
    return statistics.median(each) if each else None


def evaluate(results):
    def cpu(*arguments):
        return _ratio(results, *arguments)

    targets = [
        Target("express, CPU per request, of Envoy's", cpu("plain", "sluice", "envoy"), 0.5, None),
        Target("express, CPU per request, of nginx's", cpu("plain", "sluice", "nginx"), 1.7, 1.0),
        Target("express, CPU per request, of plain Spring Cloud Gateway's", cpu("plain", "sluice", "plain-scg"), 0.25, None),
    ]
    for i in (500, 5000, 9999):
        targets.append(Target(f"10,000 routes, #{i}, of its own 1-route figure",
                              cpu("many_routes", f"sluice #{i} of 10000", "sluice 1 of 1"), 1.1, 1.05))
    targets += [
        Target("TLS, HTTP/1.1, of Envoy's", cpu("tls", "sluice h1", "envoy h1"), 0.6, None),
        Target("TLS, HTTP/2, of Envoy's", cpu("tls", "sluice h2", "envoy h2"), 0.6, None),
        Target("64 KiB bodies, of Envoy's", cpu("bodies", "sluice", "envoy"), 0.75, None),
        Target("two Spring filters, of plain Spring Cloud Gateway's with the same", cpu("plain", "sluice+filters", "plain-scg+filters"), 0.4, None),
        Target("jwt (RS256, cached), of the same rule without", cpu("policies", "jwt", "without"), 1.5, None),
        Target("limit on the replica, of the same rule without", cpu("policies", "local", "without"), 1.1, None),
        Target("limit in Redis, of the same rule without", cpu("policies", "global", "without"), 1.2, None),
        Target("circuit breaker, of the same rule without", cpu("policies", "breaker", "without"), 1.1, None),
        Target("p50 at 30 % of Envoy's saturation, of Envoy's", _ratio(results, "latency", "sluice", "envoy", "p50_us"), 1, None),
        Target("p99 at 30 % of Envoy's saturation, of Envoy's", _ratio(results, "latency", "sluice", "envoy", "p99_us"), 1, None),
        Target("express, bytes allocated per request", _median(results, "allocation", "sluice", "bytes"), 2048, None, "B"),
        Target("memory after load, 1 route", _median(results, "plain", "sluice", "rss_mib"), 300, 200, "MiB"),
        Target("memory after load, 10,000 routes", _median(results, "many_routes", "sluice #9999 of 10000", "rss_mib"), 450, 300, "MiB"),
        Target("start to ready, one core", _median(results, "start_up", "sluice", "ready_ms"), 2000, 1000, "ms"),
        Target("first request after it", _median(results, "start_up", "sluice", "first_request_ms"), 100, 20, "ms"),
        Target("translation of 10,000 HTTPRoutes", _median(results, "translation", "from scratch", "ms"), 1500, 500, "ms"),
        Target("one changed route among 10,000", _median(results, "translation", "one changed", "ms"), 20, 5, "ms"),
    ]
    return targets

"""Writes docs/performance.md and its plots from the raw results of a run."""
import statistics

from . import proxies, scenarios, targets

FIGURES = {"latency": ("p50_us", "p99_us"), "start_up": ("ready_ms", "first_request_ms"), "translation": ("ms",), "allocation": ("bytes",)}
NAMES = {"us_per_request": "CPU µs/request", "p50_us": "p50 µs", "p99_us": "p99 µs", "per_second": "requests/s", "rss_mib": "MiB",
         "ready_ms": "ready ms", "first_request_ms": "first request ms", "ms": "ms", "bytes": "bytes/request"}
TITLES = {"plain": "1 route, HTTP/1.1, 128 bytes", "bodies": "64 KiB bodies", "tls": "TLS", "policies": "Policies", "latency": "Latency at 30 % of Envoy's saturation",
          "thousand": "1,000 routes", "many_routes": "10,000 routes", "start_up": "Start", "translation": "Translation",
          "allocation": "Allocation"}


def _figures(scenario):
    return FIGURES.get(scenario, ("us_per_request", "per_second", "p50_us", "p99_us", "rss_mib"))


def _cell(rounds, figure):
    values = [each[figure] for each in rounds if figure in each]
    if not values:
        return "–"
    def shown(value):
        return f"{value:,.0f}" if value >= 100 else f"{value:.1f}"
    return f"{shown(statistics.median(values))} [{shown(min(values))}-{shown(max(values))}]"


def target_table(results):
    lines = ["| figure | measured | target | stretch | |", "|---|---|---|---|---|"]
    for each in targets.evaluate(results):
        measured = "–" if each.measured is None else f"{each.measured:.2f} ×" if each.unit == "×" else f"{each.measured:,.0f} {each.unit}"
        stretch = "" if each.stretch is None else f"{each.stretch:g}"
        lines.append(f"| {each.figure} | {measured} | {each.bound:g} | {stretch} | {each.verdict} |")
    return "\n".join(lines)


def base_table(results):
    """Sluice beside the Sluice of the other checkout: CPU per request, the median of the ratios within a round."""
    lines = ["| of the base's CPU per request | ratio |", "|---|---|"]
    for scenario, subjects in results.items():
        for subject in subjects:
            peer = subject.replace("sluice", proxies.BASE, 1)
            if peer != subject and not subject.startswith(proxies.BASE) and peer in subjects:
                ratios = targets.ratios(results, scenario, subject, peer)
                lines.append(f"| {TITLES[scenario]}: {subject} | {statistics.median(ratios):.3f} × [{min(ratios):.3f}-{max(ratios):.3f}] |")
    return "\n".join(lines)


def scenario_table(scenario, results):
    figures = [figure for figure in _figures(scenario) if any(figure in each for rounds in results.values() for each in rounds)]
    lines = ["| | " + " | ".join(NAMES[figure] for figure in figures) + " |", "|---" * (len(figures) + 1) + "|"]
    for subject, rounds in results.items():
        lines.append(f"| {subject} | " + " | ".join(_cell(rounds, figure) for figure in figures) + " |")
    return "\n".join(lines)


def plot(scenario, results):
    """Bars of the scenario's first figure, as SVG."""
    figure = _figures(scenario)[0]
    bars = [(name, statistics.median(each[figure] for each in rounds)) for name, rounds in results.items()]
    longest = max(value for _, value in bars)
    rows = []
    for i, (name, value) in enumerate(bars):
        y = 28 + i * 24
        colour = "#2563eb" if name.startswith("sluice") else "#9ca3af"
        rows.append(f'<text x="196" y="{y + 13}" text-anchor="end">{name}</text>'
                    f'<rect x="204" y="{y}" width="{max(1, 380 * value / longest):.0f}" height="17" fill="{colour}"/>'
                    f'<text x="{210 + 380 * value / longest:.0f}" y="{y + 13}">{value:,.1f}</text>')
    height = 36 + len(bars) * 24
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="680" height="{height}" font-family="sans-serif" font-size="12">'
            f'<rect width="680" height="{height}" fill="white"/><text x="204" y="18" font-weight="bold">{NAMES[figure]}, median</text>'
            + "".join(rows) + "</svg>\n")


def write(run, docs):
    results = run["results"]
    plots = docs / "performance"
    plots.mkdir(exist_ok=True)
    parts = [f"""# Performance

Written by `make bench` on {run['date']}; the raw rounds are in [`bench/results`](../bench/results). Absolute figures move from machine to machine
and from hour to hour: only ratios within one run mean something. How it is measured: [bench/README.md](../bench/README.md).

{chr(10).join(f'- {name}: {version}' for name, version in run['versions'].items())}
- {run['rounds']} rounds of {run['seconds']} s, JVMs warmed for at most {run['warm']} s a request, load before the run: {run['load']}

## Targets

{target_table(results)}
"""]
    for scenario, rounds in results.items():
        if not rounds:
            continue
        (plots / f"{scenario}.svg").write_text(plot(scenario, rounds))
        about = scenarios.SCENARIOS[scenario].__doc__ if scenario in scenarios.SCENARIOS else ""
        parts.append(f"## {TITLES[scenario]}\n\n{about}\n\nMedian [lowest-highest] of the rounds.\n\n{scenario_table(scenario, rounds)}\n\n"
                     f"![{TITLES[scenario]}](performance/{scenario}.svg)\n")
    (docs / "performance.md").write_text("\n".join(parts))

"""What is measured. Every scenario runs its subjects in turn, round after round, and yields raw rounds."""
import re
import statistics
import time

from . import load, measure, policies as under, proxies, routes, tools

WARM_SECONDS = 40


class Subject:
    """A proxy and the request that is sent to it."""

    def __init__(self, name, proxy, host, path, scheme="http", protocol="h1", field=None):
        self.name, self.proxy, self.host, self.path, self.scheme, self.protocol = name, proxy, host, path, scheme, protocol
        self.field = field

    def run(self, seconds):
        port = self.proxy.tls_port if self.scheme == "https" else self.proxy.port
        url = f"{self.scheme}://127.0.0.1:{port}{self.path}"
        return (load.http2(url, self.host, seconds) if self.protocol == "h2"
                else load.http1(url, self.host, seconds, field=self.field))

    def warm(self):
        """Until HotSpot's compilers have next to nothing to do, or WARM_SECONDS have passed."""
        start = time.monotonic()
        while time.monotonic() - start < WARM_SECONDS:
            before = measure.compiler_seconds(self.proxy.pid)
            try:
                self.run(5)
            except RuntimeError as failed:
                print(f"warm-up of {self.name}: {failed}", flush=True)  # cold; a measured round has to be without failure
            if measure.compiler_seconds(self.proxy.pid) - before < 0.1:
                return

    def measured(self, seconds):
        before = measure.cpu_seconds(self.proxy.pid)
        result = self.run(seconds)
        used = measure.cpu_seconds(self.proxy.pid) - before
        return {**result, "us_per_request": used * 1e6 / result["requests"], "per_second": result["requests"] / result["seconds"],
                "rss_mib": measure.resident_mib(self.proxy.pid)}


def saturation(subjects, rounds, seconds):
    """CPU per request with 64 connections that send as fast as they are answered."""
    for subject in subjects:
        subject.warm()
    results = {subject.name: [] for subject in subjects}
    for _ in range(rounds):
        for subject in subjects:
            results[subject.name].append(subject.measured(seconds))
    return results


def median(results, name, figure="us_per_request"):
    return statistics.median(each[figure] for each in results[name])


def plain(lab, running, rounds, seconds):
    """One route, 128 bytes, HTTP/1.1; and a rule with two Spring filters."""
    subjects = [Subject(name, proxy, routes.host(0), routes.path(0)) for name, proxy in running.items()]
    subjects += [Subject(f"{name}+filters", running[name], routes.host(0), "/spring/x") for name in ("sluice", proxies.BASE, "plain-scg") if name in running]
    return saturation(subjects, rounds, seconds)


def bodies(lab, running, rounds, seconds):
    """Responses of 64 KiB."""
    return saturation([Subject(name, proxy, routes.host(0), routes.path(0) + "/big") for name, proxy in running.items()], rounds, seconds)


def tls(lab, running, rounds, seconds):
    """TLS 1.3 with connections kept open: HTTP/1.1 and HTTP/2 (8 connections of 8 streams)."""
    return saturation([Subject(f"{name} {protocol}", proxy, routes.host(0), routes.path(0), "https", protocol)
                       for protocol in ("h1", "h2") for name, proxy in running.items() if name != "plain-scg"], rounds, seconds)


def many_routes(lab, running, rounds, seconds, count=10_000):
    """10,000 routes, the 500th, the middle and the last; beside the same proxy's figure with one route."""
    subjects = []
    started = []
    for name in running:
        if name == "plain-scg":
            continue  # its cost grows with each route: measured with 1,000, in `thousand`
        proxy = lab.start(name, count)
        started.append(proxy)
        subjects.append(Subject(f"{name} 1 of 1", running[name], routes.host(0), routes.path(0)))
        subjects += [Subject(f"{name} #{i} of {count}", proxy, routes.host(i), routes.path(i)) for i in (500, count // 2, count - 1)]
    results = saturation(subjects, rounds, seconds)
    for proxy in started:
        lab.stop(proxy)
    return results


def thousand(lab, running, rounds, seconds):
    """1,000 routes, the last."""
    started = {name: lab.start(name, 1000) for name in running}
    results = saturation([Subject(f"{name} #999 of 1000", proxy, routes.host(999), routes.path(999)) for name, proxy in started.items()],
                         rounds, seconds)
    for proxy in started.values():
        lab.stop(proxy)
    return results


def policies(lab, running, rounds, seconds):
    """The same express rule of one Sluice without a policy, and under one of each kind: a signed token (RS256, cached), a limit on the
    replica, a limit in Redis (redis-server on core 1), a circuit breaker."""
    proxy, field = under.start(lab)
    subjects = [Subject("without", proxy, routes.host(0), routes.path(0), field=field)]
    subjects += [Subject(name, proxy, routes.host(0), f"/{name}", field=field) for name in ("jwt", "local", "global", "breaker")]
    results = saturation(subjects, rounds, seconds)
    lab.stop(proxy)
    return results


def latency(lab, running, rounds, seconds):
    """Latencies in an open loop at 30 % of what Envoy answers at most."""
    generator = tools.open_loop()
    if generator is None or "envoy" not in running:
        return {}
    subjects = [Subject(name, running[name], routes.host(0), routes.path(0)) for name in running if name != "plain-scg"]
    for subject in subjects:
        subject.warm()
    envoy = next(subject for subject in subjects if subject.name == "envoy")
    rate = int(0.3 * envoy.measured(5)["per_second"])
    results = {subject.name: [] for subject in subjects}
    for _ in range(rounds):
        for subject in subjects:
            result = load.fixed_rate(generator, subject.proxy.port, subject.host, subject.path, rate, seconds)
            results[subject.name].append({**result, "rate": rate})
    return results


def allocation(lab, running, rounds, seconds):
    """Bytes of heap that an express request allocates, by the JVM's own count at each garbage collection."""
    subject = Subject("sluice", running["sluice"], routes.host(0), routes.path(0))
    subject.warm()
    results = []
    for _ in range(rounds):
        before = subject.proxy.meter("jvm_gc_memory_allocated_bytes_total")
        requests = subject.run(2 * seconds)["requests"]
        allocated = subject.proxy.meter("jvm_gc_memory_allocated_bytes_total") - before
        results.append({"bytes": allocated / requests})
    return {"sluice": results}


def start_up(lab, running, rounds, seconds):
    """From the start of the process to readiness, and the first request after it, in milliseconds; one core."""
    folder = lab.folder / "start"
    folder.mkdir()
    port = lab.next_port
    lab.next_port += 3
    routes.sluice(folder, 1, port, port + 1, lab.certificate)
    results = []
    for _ in range(rounds):
        begun = time.monotonic()
        process = proxies.Process("sluice", proxies.sluice_command(folder / "config", port + 2), folder, proxies.CORE)
        try:
            while not proxies.answers(port + 2, "localhost", "/actuator/health/readiness"):
                time.sleep(0.005)
            ready = time.monotonic()
            if not proxies.answers(port, routes.host(0), routes.path(0)):
                raise RuntimeError("ready, but the first request failed")
            results.append({"ready_ms": (ready - begun) * 1000, "first_request_ms": (time.monotonic() - ready) * 1000})
        finally:
            process.stop()
    return {"sluice": results}


def translation(lab, running, rounds, seconds, count=10_000):
    """10,000 HTTPRoutes in a folder: the first configuration of a new process, and one edited route after it, by the log of Sluice
    (translation and publication), in milliseconds: the first ten edits while the JVM is cold, and the last ten of 80."""
    scratch, changed = [], []
    for _ in range(max(1, rounds // 2)):
        proxy = lab.start("sluice", count)
        while not _generations(proxy):  # it serves a moment before it says so
            time.sleep(0.02)
        scratch.append({"ms": _generations(proxy)[-1]})
        file = proxy.folder / "config" / f"{routes.host(count // 2)}.yaml"
        for i in range(80):
            before = len(_generations(proxy))
            file.write_text(file.read_text().replace(f'"{routes.path(count // 2)}{"x" * i}"', f'"{routes.path(count // 2)}{"x" * (i + 1)}"'))
            while len(_generations(proxy)) == before:
                time.sleep(0.02)
            changed.append({"ms": _generations(proxy)[-1]})
        lab.stop(proxy)
    return {"from scratch": scratch, "one changed, cold": changed[:10], "one changed": changed[-10:]}


def _generations(proxy):
    """Milliseconds of each generation that a Sluice has logged."""
    return [int(found) for found in re.findall(r"generation \d+: .* (\d+) ms", (proxy.folder / "log").read_text())]


SCENARIOS = {each.__name__: each for each in (plain, bodies, tls, policies, latency, thousand, many_routes, allocation, translation, start_up)}

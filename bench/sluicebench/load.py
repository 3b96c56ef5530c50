"""Load generators, on the cores that the measured proxy doesn't have."""
import json
import re
import subprocess

from . import tools

CORE = "1"
CONNECTIONS = 64


def _run(command):
    return subprocess.run(["taskset", "-c", CORE, *command], capture_output=True, text=True, check=True).stdout


def http1(url, host, seconds, connections=CONNECTIONS, field=None):
    """As many requests as wrk gets answered: requests, seconds, p50 and p99 in microseconds."""
    out = _run([tools.required("wrk", "wrk"), "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", "--timeout", "20s", "-H", f"Host: {host}",
                *(["-H", field] if field else []), url])
    if "Non-2xx" in out or "Socket errors" in out:
        raise RuntimeError(f"{url} ({host}): " + " ".join(line for line in out.splitlines() if "Non-2xx" in line or "Socket" in line))
    requests, took = re.search(r"(\d+) requests in ([\d.]+)s", out).groups()
    return {"requests": int(requests), "seconds": float(took),
            "p50_us": _micros(re.search(r"(?m)^\s+50%\s+(\S+)", out).group(1)),
            "p99_us": _micros(re.search(r"(?m)^\s+99%\s+(\S+)", out).group(1))}


def http2(url, host, seconds):
    """The same by h2load: 8 connections of 8 streams each."""
    out = _run([tools.required("h2load", "nghttp2-client"), "-t1", "-c8", "-m8", f"-D{seconds}", "-H", f":authority: {host}", url])
    succeeded, failed = re.search(r"(\d+) succeeded, (\d+) failed", out).groups()
    codes = re.search(r"status codes: (\d+) 2xx", out).group(1)
    if int(failed) or int(codes) < int(succeeded):
        raise RuntimeError(f"{url} ({host}): {out[-600:]}")
    return {"requests": int(succeeded), "seconds": float(seconds)}


def fixed_rate(generator, port, host, path, rate, seconds):
    """An open loop of a fixed rate."""
    return json.loads(_run([generator, "-address", f"127.0.0.1:{port}", "-host", host, "-path", path, "-rate", str(rate),
                            "-duration", f"{seconds}s", "-connections", str(CONNECTIONS)]))


def _micros(text):
    number, unit = re.match(r"([\d.]+)(us|ms|s)", text).groups()
    return float(number) * {"us": 1, "ms": 1e3, "s": 1e6}[unit]

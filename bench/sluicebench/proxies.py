"""Starts and stops the measured proxies, each on one core, all with the same routes."""
import functools
import http.client
import os
import pathlib
import shutil
import subprocess
import tempfile
import time

from . import routes, tools

CORE = "0"
# As the container of k8s/base runs it: there a JVM begins with a small heap, whatever the machine under it has.
HEAP = ["-XX:+UseSerialGC", "-Xms32m", "-Xmx256m"]


class Process:
    """A server of this run, in a folder of its own."""

    def __init__(self, name, command, folder, core, environment=None):
        self.name = name
        self.log = open(folder / "log", "w")
        self.process = subprocess.Popen(["taskset", "-c", core, *map(str, command)], cwd=folder, stdout=self.log,
                                        stderr=subprocess.STDOUT, env={**os.environ, **(environment or {})})

    @property
    def pid(self):
        return self.process.pid

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
        self.log.close()


class Proxy(Process):
    """A proxy with `count` routes."""

    def __init__(self, name, command, folder, port, tls_port, count):
        self.started = time.monotonic()
        super().__init__(name, command, folder, CORE)
        self.folder, self.port, self.tls_port, self.count = folder, port, tls_port, count

    def await_ready(self, seconds):
        """Until the last route answers."""
        last = self.count - 1
        while not answers(self.port, routes.host(last), routes.path(last)):
            if self.process.poll() is not None or time.monotonic() - self.started > seconds:
                raise RuntimeError(f"{self.name} did not come up: {pathlib.Path(self.log.name).read_text()[-2000:]}")
            time.sleep(0.02)


    def meter(self, name):
        """The value of a meter on the management port of a Sluice."""
        connection = http.client.HTTPConnection("127.0.0.1", self.tls_port + 1, timeout=10)
        connection.request("GET", "/actuator/prometheus")
        lines = connection.getresponse().read().decode().splitlines()
        connection.close()
        return sum(float(line.rsplit(" ", 1)[1]) for line in lines if line.startswith((name + " ", name + "{")))


def answers(port, host, path):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path, headers={"Host": host})
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


class Lab:
    """Folders, the backend, a certificate, and the proxies that run."""

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="sluice-bench-"))
        self.certificate = self.folder / "certificate"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                        "-subj", "/CN=bench", "-keyout", f"{self.certificate}.key", "-out", f"{self.certificate}.crt"],
                       check=True, capture_output=True)
        self.running = []
        self.next_port = 19200
        self.backend = self._backend()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for process in [*self.running, self.backend]:
            process.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _backend(self):
        folder = self.folder / "backend"
        folder.mkdir()
        (folder / "big").write_bytes(b"x" * 65536)
        (folder / "nginx.conf").write_text(f"""
daemon off; worker_processes 1; error_log stderr; pid {folder}/nginx.pid;
events {{ worker_connections 4096; }}
http {{
  access_log off; keepalive_requests 1000000000; sendfile on; tcp_nopush on; root {folder}; default_type text/plain;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u;
  scgi_temp_path {folder}/s;
  server {{ listen {routes.BACKEND}; location / {{ return 200 "{'x' * 127}\\n"; }} location ~ /big$ {{ try_files /big =404; }} }}
}}""")
        os.chmod(self.folder, 0o755)
        backend = Process("backend", [tools.required("nginx", "nginx"), "-p", folder, "-c", folder / "nginx.conf"], folder, "1")
        while not answers(routes.BACKEND, "backend", "/"):
            time.sleep(0.05)
        return backend

    def start(self, name, count):
        """Starts a proxy with that many routes and waits until it serves the last."""
        port, tls_port = self.next_port, self.next_port + 1
        self.next_port += 3
        folder = self.folder / f"{name}-{count}-{port}"
        folder.mkdir()
        command = COMMANDS[name](folder, count, port, tls_port, self.certificate)
        proxy = Proxy(name, command, folder, port, tls_port, count)
        self.running.append(proxy)
        proxy.await_ready(600)
        return proxy

    def stop(self, proxy):
        proxy.stop()
        self.running.remove(proxy)


def sluice_command(files, management, *options, checkout=tools.ROOT):
    """The command that serves a folder with metrics and access log on, one event loop, from the AOT cache where there is one."""
    unpacked = checkout / "target/aot/sluice.jar"
    jar = unpacked if unpacked.exists() else checkout / "target/sluice.jar"
    cache = checkout / "target/aot/sluice.aot"
    return [tools.java(), *HEAP, *(aot_options(checkout, cache) if cache.exists() else []), *options, "-jar", jar,
            f"--sluice.source.file.path={files}", f"--management.server.port={management}", "--sluice.workers=1"]


def aot_options(checkout, cache):
    """The options that the checkout's cache was trained with (those before src/aot/flags had none), and the cache."""
    flags = checkout / "src/aot/flags"
    lines = flags.read_text().split("\n") if flags.exists() else []
    return [*(line for line in lines if line.startswith("-")), f"-XX:AOTCache={cache}"]


def _nginx(folder, *arguments):
    routes.nginx(folder, *arguments)
    return [tools.required("nginx", "nginx"), "-p", folder, "-c", folder / "nginx.conf"]


def _envoy(folder, *arguments):
    routes.envoy(folder, *arguments)
    return [tools.envoy(), "-c", folder / "envoy.json", "--concurrency", "1", "--log-level", "error", "--base-id", arguments[1]]


def _plain_gateway(folder, *arguments):
    routes.plain_gateway(folder, *arguments)
    return [tools.java(), *HEAP, "-jar", tools.plain_gateway(), f"--spring.config.location={folder}/application.yaml"]


def _sluice(folder, *arguments, checkout=tools.ROOT):
    routes.sluice(folder, *arguments)
    return [*sluice_command(folder / "config", arguments[1] + 2, checkout=checkout),
            "--sluice.access-log.enabled=true", f"--sluice.access-log.file={folder}/access.log"]


COMMANDS = {"nginx": _nginx, "envoy": _envoy, "plain-scg": _plain_gateway, "sluice": _sluice}
# The Sluice of another checkout, by `--base`.
BASE = "sluice-base"


def add_base(checkout):
    """Makes the Sluice that was built in another checkout a proxy of its own."""
    COMMANDS[BASE] = functools.partial(_sluice, checkout=checkout)

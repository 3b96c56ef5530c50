"""Unpacks an image as a container runtime does: k8s/image/unpack.py IMAGE.tar FOLDER prints its configuration."""
import json
import pathlib
import shutil
import subprocess
import sys
import tarfile


def unpack(image, root):
    """The layers of a Docker archive laid over each other, and its configuration."""
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir(parents=True)
    with tarfile.open(image) as archive:
        manifest = json.load(archive.extractfile("manifest.json"))[0]
        for layer in manifest["Layers"]:
            subprocess.run(["tar", "--warning=no-unknown-keyword", "--extract", "--gzip", "--directory", root], input=archive.extractfile(layer).read(), check=True)
        return json.load(archive.extractfile(manifest["Config"]))["config"]


if __name__ == "__main__":
    print(json.dumps(unpack(sys.argv[1], pathlib.Path(sys.argv[2]))))

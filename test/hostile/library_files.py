"""A directory of files by libraries, and what a scan must say of each of them."""

import importlib
import json
import os


class Folder:
    def __init__(self, path):
        self.path = path
        os.makedirs(path, exist_ok=True)
        self.expected = self._read("expected.json")
        self.versions = self._read("versions.json")

    def clean(self, name):
        """The path of a file with weights alone."""
        return self._file(name, "clean")

    def suspicious(self, name):
        """The path of a file whose loading runs a library's code."""
        return self._file(name, "suspicious")

    def library(self, name):
        """The library, with its version noted; None where it is not installed."""
        try:
            module = importlib.import_module(name)
        except ImportError:
            print(f"{name} is not installed: its files are left out")
            return None
        self.versions[name] = getattr(module, "__version__", "unknown")
        print(name, self.versions[name])
        return module

    def write(self):
        for name, content in (("expected.json", self.expected), ("versions.json", self.versions)):
            with open(os.path.join(self.path, name), "w") as file:
                json.dump(dict(sorted(content.items())), file, indent=1)
                file.write("\n")
        print(f"{len(self.expected)} files")

    def _file(self, name, verdict):
        self.expected[name] = verdict
        return os.path.join(self.path, name)

    def _read(self, name):
        path = os.path.join(self.path, name)
        if not os.path.exists(path):
            return {}
        with open(path) as file:
            return json.load(file)

"""Helm itself, as a library: the SDK that Maven has for Java programs (com.marcnuri.helm-java), called from here.

No program of Helm's is needed, and a chart is rendered in some milliseconds.
"""

import ctypes
import os
import signal
import zipfile
from urllib.parse import urlencode

LIBRARY = "helm-linux-amd64.so"


def _structure(*fields):
    kinds = {"text": ctypes.c_char_p, "number": ctypes.c_int}
    listed = [(name, kinds[kind]) for kind, names in fields for name in names.split()]
    return type("Structure", (ctypes.Structure,), {"_fields_": listed})


# As in helm-linux-amd64.h of version 0.0.15.
_Result = _structure(("text", "out err stdOut stdErr"))
_Template = _structure(
    ("text", "name version chart namespace"), ("number", "dependencyUpdate"), ("text", "values valuesFiles certFile keyFile caFile"),
    ("number", "insecureSkipTlsVerify plainHttp"), ("text", "keyring"), ("number", "debug"), ("text", "repositoryConfig"))
_Install = _structure(
    ("text", "name"), ("number", "generateName"), ("text", "nameTemplate version chart namespace"), ("number", "atomic createNamespace"),
    ("text", "description"), ("number", "devel dependencyUpdate disableOpenApiValidation dryRun"), ("text", "dryRunOption"), ("number", "wait timeout"),
    ("text", "values valuesFiles kubeConfig kubeConfigContents certFile keyFile caFile"), ("number", "insecureSkipTlsVerify plainHttp"),
    ("text", "keyring"), ("number", "debug clientOnly"), ("text", "repositoryConfig"))
_Lint = _structure(("text", "path"), ("number", "strict quiet"))


class Refused(Exception):
    """What Helm said."""


class Helm:
    def __init__(self, place, work):
        """From a folder with the library, or a jar that has it: it is unpacked into another folder then."""
        if place.endswith(".jar"):
            with zipfile.ZipFile(place) as jar:
                jar.extract(LIBRARY, work)
            place = work
        self.library = ctypes.CDLL(os.path.join(place, LIBRARY))
        for name in ("Version", "Template", "Install", "Lint"):
            getattr(self.library, name).restype = _Result

    def version(self):
        return self.library.Version().out.decode()

    def template(self, chart, values=(), release="rollout-proxy", namespace="rollout-proxy", settings=()):
        """The rendered manifests, by files of values and by settings, pairs of a path and a text; raises what is refused."""
        options = _Template(
            name=release.encode(), chart=chart.encode(), namespace=namespace.encode(), valuesFiles=",".join(values).encode(), values=urlencode(settings).encode())
        return self._told(self.library.Template(ctypes.byref(options)))

    def install(self, chart, values=(), release="rollout-proxy", namespace="rollout-proxy"):
        """What is told after an installation, which happens nowhere."""
        options = _Install(
            name=release.encode(), chart=chart.encode(), namespace=namespace.encode(), valuesFiles=",".join(values).encode(),
            dryRun=1, dryRunOption=b"client", clientOnly=1)
        return self._told(self.library.Install(ctypes.byref(options)))

    @staticmethod
    def _told(result):
        # Go has taken them for itself meanwhile: this process would end by neither.
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        if result.err:
            raise Refused(result.err.decode())
        return result.out.decode()

    def lint(self, chart):
        """What lint says, where a warning is a failure, too."""
        return self._told(self.library.Lint(ctypes.byref(_Lint(path=chart.encode(), strict=1))))

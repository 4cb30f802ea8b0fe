"""The compiled parts of the package; all the rest is in ``pyproject.toml``."""

import hashlib
import shutil
from pathlib import Path

from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext

PACKAGES = ("recommender.training.core", "recommender.peers")
"""Those with a folder ``native`` of sources, which makes their module ``_native``."""
SHARED = Path("src/recommender/native")
"""The folder of the headers that all of them include."""

COMPILE = [
    "-std=c11",
    "-O3",
    "-pthread",
    "-fvisibility=hidden",
    # The same bits whatever CFLAGS holds: these come after it.
    "-fno-fast-math",
    "-ffp-contract=off",
    "-fno-math-errno",  # else a square root is a call, and cannot be done for a whole vector
    "-Wall",
    "-Wextra",
    "-Wno-psabi",  # vectors are passed between inlined functions alone
]


class BuildNative(build_ext):
    """Say in one line that there is no compiler."""

    def build_extension(self, ext: Extension) -> None:
        """Compile and link."""
        compiler = self.compiler.compiler_so[0]
        if not shutil.which(compiler):
            raise SystemExit(
                f"recommender: the C compiler '{compiler}' is not there, and {ext.name} is compiled from source; "
                "on Debian: apt-get install gcc, or name another one in CC"
            )
        super().build_extension(ext)


def native(package: str) -> Extension:
    """Describe a package's compiled module, which knows the hash of its sources."""
    folder = Path("src", *package.split("."), "native")
    files = [*sorted(folder.iterdir()), *sorted(SHARED.glob("*.h"))]
    sources = hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()
    return Extension(
        f"{package}._native",
        sources=sorted(str(path) for path in folder.glob("*.c")),
        depends=[str(path) for path in files if path.suffix == ".h"],
        define_macros=[("RECOMMENDER_SOURCES", f'"{sources}"')],
        extra_compile_args=COMPILE,
        extra_link_args=["-pthread"],
    )


setup(cmdclass={"build_ext": BuildNative}, ext_modules=[native(package) for package in PACKAGES])

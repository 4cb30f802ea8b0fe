"""The compiled part of the package; all the rest is in ``pyproject.toml``."""

import hashlib
import shutil
from pathlib import Path

from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext

NATIVE = Path("src/recommender/training/core/native")
SOURCES = hashlib.sha256(b"".join(path.read_bytes() for path in sorted(NATIVE.iterdir()))).hexdigest()

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


setup(
    cmdclass={"build_ext": BuildNative},
    ext_modules=[
        Extension(
            "recommender.training.core._native",
            sources=sorted(str(path) for path in NATIVE.glob("*.c")),
            depends=sorted(str(path) for path in NATIVE.glob("*.h")),
            define_macros=[("RECOMMENDER_SOURCES", f'"{SOURCES}"')],
            extra_compile_args=COMPILE,
            extra_link_args=["-pthread"],
        )
    ],
)

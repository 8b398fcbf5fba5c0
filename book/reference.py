"""The reference environment: what kernels are started with, so that outputs repeat to the byte.

The committed outputs are those of the reference platform: Linux on x86-64 with the versions
pinned in ``requirements.txt``. The last bits of a sum depend on the number of BLAS threads and
on the processor that OpenBLAS chose its code for, those of ``exp``, ``log`` and ``tanh`` on
whether NumPy may use AVX-512.
"""

import os
import platform
import sys
from importlib import metadata

import numpy as np

from book import ROOT


def environment():
    """Return the environment variables a kernel is started with."""
    variables = {
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
        "PYTHONHASHSEED": "0",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "LOSSLAB_LIVE": "0",
    }
    if _has_avx2():
        variables |= {"OPENBLAS_CORETYPE": "Haswell", "OPENBLAS_L2_SIZE": "512"}
    if groups := _avx512_groups():
        variables["NPY_DISABLE_CPU_FEATURES"] = " ".join(groups)
    return variables


def activate():
    """Give this process, and the kernels it will start, the reference environment."""
    os.environ.update(environment())


def _simd():
    return np.show_config(mode="dicts")["SIMD Extensions"]


def _has_avx2():
    simd = _simd()
    return not {"AVX2", "X86_V3"}.isdisjoint(simd.get("baseline", []) + simd.get("found", []))


def _avx512_groups():
    # Only groups this NumPy dispatches: it warns about any other name.
    simd = _simd()
    dispatched = simd.get("found", []) + simd.get("not found", [])
    return [name for name in dispatched if name.startswith("AVX512") or name == "X86_V4"]


def differences():
    """Say how this machine differs from the reference platform; an empty list if it does not."""
    found = []
    if (sys.platform, platform.machine()) != ("linux", "x86_64"):
        found.append(f"{sys.platform} on {platform.machine()}, not linux on x86_64")
    elif not _has_avx2():
        found.append("a processor without AVX2")
    for name, pinned in _pins().items():
        version = metadata.version(name)
        if version != pinned:
            found.append(f"{name} {version}, not {pinned}")
    return found


def _pins():
    names = {"numpy", "matplotlib", "pillow", "ipython"}
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    pins = (line.split(";")[0].strip().split("==") for line in lines if "==" in line)
    return {name: version for name, version in pins if name in names}

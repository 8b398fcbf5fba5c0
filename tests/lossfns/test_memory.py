"""How much memory a call takes beyond its inputs and its result."""

import platform
import subprocess
import sys
import tracemalloc

import numpy as np
import pytest
from losses import BY_NAME, CASES, draw_weights, element_cases, every_case

MEGABYTE = 2**20
N = 160_000  # elements; as float64 1.28 MB, more than may be used


def peak(function, *args, **kwargs):
    """Bytes in use at the worst moment of the call, beyond those in use before it."""
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        tracemalloc.reset_peak()
        result = function(*args, **kwargs)
        return tracemalloc.get_traced_memory()[1] - before, np.asarray(result).nbytes
    finally:
        tracemalloc.stop()


def draw(case, n, classes=4, dtype=np.float64):
    """Cheap valid inputs of n elements in all: the first few examples, over and over."""
    few = case.draw((8,), classes=classes, dtype=dtype)
    examples = n // classes if case.rows else n
    return tuple(np.ascontiguousarray(np.resize(a, (examples, *a.shape[1:]))) for a in few)


LAYOUTS = {
    "contiguous": lambda a: a,
    "every second": lambda a: np.repeat(a, 2, axis=0)[::2],
    "reversed": lambda a: a[::-1],
    "Fortran": lambda a: np.asfortranarray(a.reshape(-1, 5, *a.shape[1:])),
    "swapped bytes": lambda a: a.astype(a.dtype.newbyteorder()),
    "read-only": lambda a: np.broadcast_to(a, a.shape),
}


@every_case
@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_no_full_size_temporaries(case, layout):
    for dtype in (np.float64, np.float32):
        y_true, y_pred = (layout(a) for a in draw(case, N, dtype=dtype))
        for function in (case.value, case.gradient):
            used, result = peak(function, y_true, y_pred)
            assert used - result <= MEGABYTE


@element_cases
def test_not_even_full_size_masks(case):
    y_true, y_pred = draw(case, 10 * N)
    for function in (case.value, case.gradient):
        used, result = peak(function, y_true, y_pred)
        assert used - result <= MEGABYTE


@every_case
@pytest.mark.parametrize(
    "layout", [LAYOUTS["contiguous"], LAYOUTS["Fortran"]], ids=["contiguous", "Fortran"]
)
def test_no_full_size_temporaries_with_weights(case, layout):
    y_true, y_pred = (layout(a) for a in draw(case, N))
    examples = y_pred.shape[: -1 if case.rows else None]
    weights = np.asarray(draw_weights(examples), order="F" if layout is LAYOUTS["Fortran"] else "C")
    for function in (case.value, case.gradient):
        for reduction in ("mean", "none"):
            used, result = peak(
                function, y_true, y_pred, reduction=reduction, sample_weight=weights
            )
            assert used - result <= MEGABYTE


@every_case
@pytest.mark.parametrize("dtype", [np.int64, bool, np.float16], ids=lambda t: t.__name__)
def test_no_full_size_copy_of_other_types(case, dtype):
    y_true, y_pred = draw(case, N)
    if case.rows:  # one-hot rows are in every domain
        hot = np.zeros_like(y_pred)
        hot[..., 0] = 1
        y_pred = hot.astype(dtype)
        y_true = y_true if case.has_labels else y_pred
    else:
        y_true, y_pred = np.ones(N, dtype), np.ones(N, dtype)
    weights = np.ones(y_pred.shape[: -1 if case.rows else None], dtype)
    for function in (case.value, case.gradient):
        used, result = peak(function, y_true, y_pred, sample_weight=weights)
        assert used - result <= MEGABYTE


@pytest.mark.parametrize("case", [c for c in CASES if c.rows], ids=str)
@pytest.mark.parametrize("classes", [100, 30_000, 200_000])
@pytest.mark.parametrize("layout", ["contiguous", "Fortran rows", "swapped bytes"])
def test_long_rows_cost_at_most_one_row_more(case, classes, layout):
    y_true, y_pred = draw(case, 2 * max(classes, N), classes=classes)
    if layout == "Fortran rows":
        y_true, y_pred = np.asfortranarray(y_true), np.asfortranarray(y_pred)
    if layout == "swapped bytes":
        y_true, y_pred = (a.astype(a.dtype.newbyteorder()) for a in (y_true, y_pred))
    allowed = MEGABYTE + (8 * classes if classes > 32 * 1024 else 0)
    for function in (case.value, case.gradient):
        used, result = peak(function, y_true, y_pred)
        assert used - result <= allowed


@pytest.mark.parametrize("name", ["mean_squared_error", "cross_entropy"])
def test_nothing_is_kept_after_the_call(name):
    case = BY_NAME[name]
    y_true, y_pred = draw(case, N)
    case.value(y_true, y_pred)
    tracemalloc.start()
    try:
        for _ in range(10):
            case.value(y_true, y_pred)
            case.gradient(y_true, y_pred)
        assert tracemalloc.get_traced_memory()[0] < MEGABYTE / 10
    finally:
        tracemalloc.stop()


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="about the C library of Linux")
def test_a_fresh_process_keeps_the_memory_of_temporaries():
    """Otherwise the system hands out each of them anew, which takes as long as the arithmetic."""
    code = """
import resource, numpy as np, lossfns
y, p = np.ones(10**6), np.full(10**6, 0.3)
def faults():
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt
lossfns.binary_cross_entropy(y, p)
before = faults()
lossfns.binary_cross_entropy(y, p)
print(faults() - before)
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert int(run.stdout) < 100  # of 4 KB; all temporaries together are 20 MB

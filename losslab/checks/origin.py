"""Tell an answer that was written from one that was fetched from a library."""

import contextlib
import dis
import functools
import inspect
import sys
import types

import numpy as np

LIBRARIES = {
    "lossfns": "lossfns",
    "sklearn": "scikit-learn",
    "scipy": "SciPy",
    "torch": "PyTorch",
    "tensorflow": "TensorFlow",
    "keras": "Keras",
    "jax": "JAX",
    "optax": "optax",
}


def library_of(thing):
    """Name the library that `thing` (a module, function, class or NumPy ufunc) comes from."""
    if isinstance(thing, np.ufunc):
        special = sys.modules.get("scipy.special")
        return "SciPy" if getattr(special, thing.__name__, None) is thing else None
    if isinstance(thing, types.ModuleType):
        module = thing.__name__
    else:
        module = getattr(thing, "__module__", None)
    return LIBRARIES.get(module.split(".")[0]) if isinstance(module, str) else None


def library_in(function):
    """Name the library used by `function`, or by anything of the student's that it calls."""
    waiting, seen = [function], set()
    while waiting:
        thing = waiting.pop()
        if id(thing) not in seen:
            seen.add(id(thing))
            if library := library_of(thing):
                return library
            waiting += used_by(thing)
    return None


def used_by(thing):
    """List what a function of the student's, or an object around one, may call."""
    if inspect.isfunction(thing):
        return [] if is_installed(thing) else [*named_in(thing), *enclosed_in(thing)]
    if isinstance(thing, functools.partial):
        return [thing.func, *thing.args, *thing.keywords.values()]
    if inspect.ismethod(thing):
        return [thing.__func__, thing.__self__]
    if callable(thing) and not isinstance(thing, type):
        return [*getattr(thing, "__dict__", {}).values(), type(thing).__call__]
    return []


def is_installed(function):
    """Whether a function belongs to NumPy or to Python itself."""
    package = (function.__module__ or "").split(".")[0]
    return package == "numpy" or (package in sys.stdlib_module_names and package != "__main__")


def named_in(function):
    """Yield what the global names and imports in a function's code stand for."""
    for code in codes(function.__code__):
        for step in dis.get_instructions(code):
            if step.opname in ("LOAD_GLOBAL", "LOAD_NAME"):
                yield function.__globals__.get(step.argval)
            elif step.opname == "IMPORT_NAME":
                yield sys.modules.get(step.argval.split(".")[0])


def enclosed_in(function):
    """Yield the values of the variables that a function has from outside."""
    for cell in function.__closure__ or ():
        with contextlib.suppress(ValueError):  # not assigned yet
            yield cell.cell_contents


def codes(code):
    """Yield a function's code and that of every function, lambda and comprehension inside it."""
    yield code
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from codes(constant)


class Watch:
    """While active, count Python steps and note the first library whose Python code runs.

    Counting steps instead of seconds gives the same verdict on every machine.
    """

    def __init__(self):
        self.steps = 0
        self.library = None

    def __enter__(self):
        self.previous = sys.gettrace()
        sys.settrace(self._trace)
        return self

    def __exit__(self, *exception):
        sys.settrace(self.previous)

    def _trace(self, frame, event, _):
        module = frame.f_globals.get("__name__") or ""
        if module.endswith("arrayprint"):
            return None  # printing an array is no loop of the student's
        self.steps += event in ("call", "line")
        self.library = self.library or LIBRARIES.get(module.split(".")[0])
        return self._trace

# The docstrings of methods that are in python/methods.py too: both engines have its.

cdef extern from "Python.h":
    ctypedef struct PyMethodDef:
        const char* ml_doc
    ctypedef struct PyMethodDescrObject:
        PyMethodDef* d_method

cdef list docstrings = []  # Python has but pointers to them


cdef int take_docstrings() except -1:
    for name, method in vars(Methods).items():
        if not name.startswith("_"):
            text = f"{name}({parameters(method)})\n--\n\n{method.__doc__}".encode()
            docstrings.append(text)
            known = vars(Value)[name]
            (<PyMethodDescrObject*><PyObject*>known).d_method.ml_doc = text
    return 0


cdef str parameters(method):
    """As `inspect.signature` reads them at the top of a docstring in C."""
    code, defaults = method.__code__, method.__defaults__ or ()
    names = code.co_varnames[1:code.co_argcount]
    required = len(names) - len(defaults)
    found = ["$self", *names[:required], "/"]
    found += [f"{name}={x!r}" for name, x in zip(names[required:], defaults)]
    if code.co_flags & 4:  # inspect.CO_VARARGS
        found.append(f"*{code.co_varnames[code.co_argcount]}")
    return ", ".join(found)


take_docstrings()

"""Objects that show another buffer at each look, in any version of Python."""

import ctypes

get_buffer = ctypes.pythonapi.PyObject_GetBuffer
get_buffer.argtypes = [ctypes.py_object, ctypes.c_void_p, ctypes.c_int]
get_buffer.restype = ctypes.c_int


class Slot(ctypes.Structure):
    _fields_ = (("slot", ctypes.c_int), ("function", ctypes.c_void_p))


class Spec(ctypes.Structure):
    _fields_ = (
        ("name", ctypes.c_char_p),
        ("basicsize", ctypes.c_int),
        ("itemsize", ctypes.c_int),
        ("flags", ctypes.c_uint),
        ("slots", ctypes.POINTER(Slot)),
    )


shown = {}  # by id, the arrays that an object still has to show


@ctypes.PYFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int)
def show_next(exporter, view, flags):
    arrays = shown[exporter]
    return get_buffer(arrays.pop(0) if len(arrays) > 1 else arrays[0], view, flags)


BF_GETBUFFER = 1
slots = (Slot * 2)(Slot(BF_GETBUFFER, ctypes.cast(show_next, ctypes.c_void_p)), Slot(0, None))
spec = Spec(b"tests.Live", object.__basicsize__, 0, 0, slots)
from_spec = ctypes.pythonapi.PyType_FromSpec
from_spec.restype = ctypes.py_object
Live = from_spec(ctypes.byref(spec))


def live(*arrays):
    """An object whose first buffer is the first array's, and so on; then always the last's."""
    made = Live()
    shown[id(made)] = list(arrays)
    return made

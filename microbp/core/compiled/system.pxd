# What the engine asks of Python, of the compiler and of the operating system.

from cpython.object cimport PyObject
from libc.stdint cimport uint64_t

cdef extern from "Python.h":
    ctypedef struct PyTypeObject
    ctypedef int (*visitproc)(PyObject*, void*) noexcept
    ctypedef PyObject* (*newfunc)(PyTypeObject*, PyObject*, PyObject*) except NULL
    ctypedef struct PyTypeObject:
        Py_ssize_t tp_basicsize
        const char* tp_name
        unsigned long tp_flags
        newfunc tp_new
        void* tp_alloc
        void* tp_dealloc
        void* tp_vectorcall
        void* tp_traverse
        void* tp_clear
        void* tp_is_gc
    PyTypeObject* Py_TYPE(PyObject*)
    void Py_SET_TYPE(PyObject*, PyTypeObject*)
    Py_ssize_t Py_REFCNT(PyObject*)
    size_t PyVectorcall_NARGS(size_t)
    void Py_INCREF(PyObject*)
    void Py_DECREF(PyObject*)
    void Py_XDECREF(PyObject*)
    PyObject** PySequence_Fast_ITEMS(object)
    Py_ssize_t PySequence_Fast_GET_SIZE(object)
    Py_ssize_t PyList_GET_SIZE(PyObject*)
    Py_ssize_t PyUnicode_GET_LENGTH(object)
    double PyLong_AsDouble(object) noexcept
    PyObject* PyErr_Occurred()
    void PyErr_Clear()
    unsigned long Py_TPFLAGS_BASETYPE
    unsigned long Py_TPFLAGS_HAVE_GC
    bint PyObject_IS_GC(object)
    void PyObject_GC_Track(PyObject*)
    void PyObject_GC_UnTrack(PyObject*)

cdef extern from *:
    """
    #if defined(__SANITIZE_ADDRESS__)  /* so that it also sees who uses a node that is free */
    #include <sanitizer/asan_interface.h>
    #define poison(p, size) ASAN_POISON_MEMORY_REGION(p, size)
    #define unpoison(p, size) ASAN_UNPOISON_MEMORY_REGION(p, size)
    #else
    #define poison(p, size) ((void)0)
    #define unpoison(p, size) ((void)0)
    #endif
    #if defined(Py_GIL_DISABLED)  /* its collector knows only what Python allocated */
    #define gc_track(node) ((void)0)
    #else
    #define gc_track(node) PyObject_GC_Track(node)
    #endif
    #if defined(Py_GIL_DISABLED) || defined(Py_REF_DEBUG) || defined(Py_TRACE_REFS)
    #define initialized PyObject_Init
    #define forget(held, count) do for (Py_ssize_t i = count; i > 0; i--) Py_DECREF(held); while (0)
    #else  /* what it does, without two calls */
    static CYTHON_INLINE PyObject* initialized(PyObject* node, PyTypeObject* cls) {
        Py_SET_TYPE(node, cls);
        Py_SET_REFCNT(node, 1);
        Py_INCREF(cls);
        return node;
    }
    #define forget(held, count) Py_SET_REFCNT(held, Py_REFCNT(held) - (count))
    #endif
    #if defined(_MSC_VER)
    #include <intrin.h>
    #include <malloc.h>
    #define slab_alloc(size) _aligned_malloc(size, size)
    #define slab_free(slab, size) _aligned_free(slab)
    #define prefetch(p) ((void)(p))
    static int bit_length(uint64_t x) { unsigned long i; return _BitScanReverse64(&i, x) ? i + 1 : 0; }
    #else
    #if defined(__EMSCRIPTEN__)  /* its munmap gives back no part of a mapping */
    #include <stdlib.h>
    #define slab_alloc(size) aligned_alloc(size, size)
    #define slab_free(slab, size) free(slab)
    #else
    #include <sys/mman.h>
    #define mapped(size) mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    /* From the system itself: the C library would keep what is freed. A slab begins at a multiple
       of its size, a power of 2; the system lays the next one right below it, so that it does too. */
    static void* slab_alloc(size_t size) {
        char* slab = mapped(size);
        if (slab != MAP_FAILED && (uintptr_t)slab % size != 0) {
            munmap(slab, size);
            slab = mapped(2 * size);  /* then unmap both ends */
            if (slab != MAP_FAILED) {
                size_t before = (size - (uintptr_t)slab % size) % size;
                if (before > 0) munmap(slab, before);
                slab += before;
                munmap(slab + size, size - before);
            }
        }
        return slab == MAP_FAILED ? NULL : slab;
    }
    #define slab_free(slab, size) munmap(slab, size)
    #endif
    #define bit_length(x) ((x) ? 64 - __builtin_clzll(x) : 0)
    #define prefetch(p) __builtin_prefetch(p)
    #endif
    """
    void gc_track(PyObject*) noexcept
    PyObject* initialized(PyObject*, PyTypeObject*) noexcept
    void forget(PyObject* held, Py_ssize_t count) noexcept  # so many references; others are left
    int bit_length(uint64_t x) noexcept
    void prefetch(void*) noexcept
    void poison(void*, size_t) noexcept
    void unpoison(void*, size_t) noexcept
    void* slab_alloc(size_t) noexcept
    void slab_free(void*, size_t) noexcept
    object owned "(PyObject*)"(PyObject*)  # takes over the reference

# Units, layers and their error: many nodes in one call of Python's.

cdef extern from "Python.h":
    bint PyMethod_Check(object)
    PyObject* PyMethod_GET_FUNCTION(object)
    PyObject* PyMethod_GET_SELF(object)
    dict PyObject_GenericGetDict(object, void*)
    PyObject* PyDict_GetItemWithError(dict, object)


def unit(weights, activities, bias, op, label):
    """A unit's output, with its label: the operation of its total input, or that itself."""
    return output_of(weights, activities, bias, op, label)


cdef object output_of(weights, activities, bias, op, label):
    cdef Code code
    y = total_input(weights, activities, bias)
    if op is not None:
        code = code_of(op)
        if type(y) is Value and code != OTHER:
            y = unary(code, <Value>y)
        else:
            y = apply(op, y)
    set_label(<Value?>y, label)
    return y


def layer(neurons, inputs, plain):
    """The activity of each neuron for these inputs; see `activities`."""
    return outputs_of(neurons, inputs, as_plain(plain))


cdef tuple as_plain(plain):
    """nn's `Plain`, whose fields are read unchecked."""
    if not isinstance(plain, tuple) or len(plain) != 5:
        raise TypeError(f"expected nn's Plain, got {coerce.shown(plain)}")
    return <tuple>plain


def activities(inputs, groups, layers, fed_by, plain):
    """The activity of every input and unit of a net, by the name of its group or layer.

    `plain` is nn's `Plain`. A layer is called, and so is a neuron's method `activity`, but where these
    are nn's own: of such a layer or neuron the nodes are made at once.
    """
    cdef dict found = {}
    cdef bint as_nn = False
    kind = None
    cdef tuple ours = as_plain(plain)
    call, activations, checked = ours[0], ours[2], ours[3]
    for name, labels in groups.items():
        if len(groups) == 1 and is_list(inputs) and len(inputs) == len(labels):
            found[name] = leaves_of(inputs, "net", labels)
            break
        if not found:
            inputs = checked(inputs, groups)
        found[name] = leaves_of(inputs[name], "net", labels)
    for name, each in layers.items():
        sources = fed_by[name]
        if len(sources) == 1:
            xs = found[sources[0]]
        else:
            xs = [x for source in sources for x in found[source]]
        if kind is not type(each):
            kind = type(each)
            as_nn = kind.__call__ is call
        if as_nn and each.activation in activations:
            found[name] = outputs_of(each.neurons, xs, ours)
        else:
            found[name] = each(xs)
    return found


cdef list outputs_of(neurons, inputs, tuple plain):
    cdef list found = []
    cdef dict fields
    cdef PyObject* function = <PyObject*>plain[1]
    cdef PyObject* weights
    cdef PyObject* bias
    cdef PyObject* label
    cdef PyObject* activation
    activations, name, op, kind = plain[2], plain, None, plain[4]  # name: of no activation yet
    cdef bint usual = <PyObject*>kind.activity == function
    wanted = len(neurons[0].weights)
    cdef bint ours = not all_values(inputs, wanted)
    if ours:
        inputs = inputs_of(inputs, wanted, "Layer")
    for neuron in neurons:
        if usual and type(neuron) is kind:
            # A look at its own dict takes a third of the time that getting an attribute takes.
            fields = PyObject_GenericGetDict(neuron, NULL)
            weights = PyDict_GetItemWithError(fields, "weights")
            bias = PyDict_GetItemWithError(fields, "bias")
            label = PyDict_GetItemWithError(fields, "label")
            activation = PyDict_GetItemWithError(fields, "activation")
            if (
                weights != NULL and bias != NULL and label != NULL and activation != NULL
                and PyDict_GetItemWithError(fields, "activity") == NULL
            ):
                if <object>activation is not name:
                    name = <object>activation
                    op = activations[name]
                y = output_of(<object>weights, inputs, <object>bias, op, <object>label)
                found.append(y)
                continue
        activity = neuron.activity
        if PyMethod_Check(activity) and PyMethod_GET_FUNCTION(activity) == function:
            neuron = <object>PyMethod_GET_SELF(activity)
            op = activations[neuron.activation]
            name = plain
            y = output_of(neuron.weights, inputs, neuron.bias, op, neuron.label)
        else:
            if not ours:
                inputs, ours = list(inputs), True
            y = activity(inputs)
        found.append(y)
    return found


@cython.boundscheck(False)
@cython.wraparound(False)
cdef bint all_values(xs, Py_ssize_t wanted) noexcept:
    """Whether it is a list of so many Values."""
    cdef Py_ssize_t i
    if type(xs) is not list or len(<list>xs) != wanted:
        return False
    for i in range(wanted):
        if type((<list>xs)[i]) is not Value:
            return False
    return True


def activities_into(xs, wanted, where):
    """The inputs of a unit or layer as Values; TypeError or ValueError where they are no such."""
    return inputs_of(xs, wanted, where)


cdef list inputs_of(xs, Py_ssize_t wanted, where):
    cdef list found = values_of(xs, where, "inputs")
    if len(found) != wanted:
        raise ValueError(f"{where}: expected {wanted} inputs, got {len(found)}")
    return found


cdef list values_of(xs, where, what):
    return leaves_of(xs if type(xs) is list else coerce.listed(xs, where, what), where, ())


def paired(where, outputs, targets):
    """The outputs and the targets of a loss as Values; ValueError where one is left over."""
    return pair_of(where, outputs, targets)


cdef tuple pair_of(where, outputs, targets):
    cdef list ys = values_of(outputs, where, "outputs")
    cdef list ds = values_of(targets, where, "targets")
    if len(ys) != len(ds):
        raise ValueError(f"{where}: {len(ys)} outputs but {len(ds)} targets")
    return ys, ds


@cython.boundscheck(False)
@cython.wraparound(False)
def squared_error(outputs, targets):
    """`microbp.losses.squared_error`."""
    cdef list xs, ds  # at first the outputs, then the errors, then their squares
    cdef Py_ssize_t i, count
    xs, ds = pair_of("squared_error", outputs, targets)
    count = len(xs)
    if count == 0:
        return 0.0
    for i in range(count):
        xs[i] = difference_of(xs[i], ds[i])
    for i in range(count):
        xs[i] = product_of(xs[i], xs[i])
    total = unary(TOTAL, <Value>xs[0]) if count == 1 else applied(ops.TOTAL, tuple(xs))
    return product_of(total, leaf(0.5))

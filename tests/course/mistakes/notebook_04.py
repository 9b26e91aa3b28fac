"""What students get wrong in notebook 04: for each exercise, the check's words and the code."""

MISTAKES = [
    [
        ("return two numbers", "def momentum_step(w, *rest):\n    return w"),
        (
            "downhill is against",
            """
def momentum_step(w, velocity, gradient, lr, momentum):
    velocity = lr * gradient + momentum * velocity
    return w + velocity, velocity
""",
        ),
        (
            "downhill is against",
            """
def momentum_step(w, velocity, gradient, lr, momentum):
    velocity = -lr * gradient + momentum * velocity
    return w - velocity, velocity
""",
        ),
        (
            "not by the old one",
            """
def momentum_step(w, velocity, gradient, lr, momentum):
    return w + velocity, -lr * gradient + momentum * velocity
""",
        ),
        (
            "by all of it",
            """
def momentum_step(w, velocity, gradient, lr, momentum):
    velocity = -lr * gradient + momentum * velocity
    return w + lr * velocity, velocity
""",
        ),
        (
            "in sweep 2 the velocity forgets",
            """
def momentum_step(w, velocity, gradient, lr, momentum):
    return w - lr * gradient, -lr * gradient
""",
        ),
        (
            "the old velocity counts whole",
            """
def momentum_step(w, velocity, gradient, lr, momentum):
    velocity -= lr * gradient
    return w + velocity, velocity
""",
        ),
        (
            "the weight comes first",
            """
def momentum_step(w, velocity, gradient, lr, momentum):
    velocity = -lr * gradient + momentum * velocity
    return velocity, w + velocity
""",
        ),
        (
            "momentum_step gave None",
            """
def momentum_step(w, velocity, gradient, lr, momentum):
    velocity = -lr * gradient + momentum * velocity
    w += velocity
""",
        ),
        (
            "in sweep 1 got",
            """
def momentum_step(w, velocity, gradient, lr, momentum):
    velocity = -lr * (1 - momentum) * gradient + momentum * velocity
    return w + velocity, velocity
""",
        ),
    ],
    [
        ("Which of the two directions", "largest_lr = 20"),
        ("lands right at the bottom", "largest_lr = 1 / 4"),
        ("too little", "largest_lr = 0.4"),
        ("too little", "largest_lr = 1e-5"),
        ("too much", "largest_lr = 0.58"),
        ("lr is above 0", "largest_lr = 0"),
    ],
    [
        ("not yet", "my_lr, my_momentum = 0.5, ..."),
        ("Write 80 % as 0.8", "my_lr, my_momentum = 0.5, 80"),
        ("is text", "my_lr, my_momentum = '0.9', 0.75"),
        ("rolls past the bottom", "my_lr, my_momentum = 0.9, 0.95"),
        ("this is simple descent", "my_lr, my_momentum = 0.5, 0"),
        ("Along the floor it creeps", "my_lr, my_momentum = 0.7, 0.5"),
        ("below 1", "my_lr, my_momentum = 0.5, 1.0"),
        ("goes uphill", "my_lr, my_momentum = -0.1, 0.5"),
        ("the error grows", "my_lr, my_momentum = 1.5, 0.8"),
        ("not there after", "my_lr, my_momentum = 0.001, 0.5"),
        ("68 sweeps", "my_lr, my_momentum = 0.5, 0.8"),
    ],
]

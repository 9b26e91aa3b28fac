"""A damped pendulum by symplectic Euler steps, and the adjoint way back through all of them."""

import math

dt, n = 0.05, 60


def states(theta, omega, damping):
    path = [(theta, omega)]
    for _ in range(n):
        omega = omega + dt * (-math.sin(theta) - damping * omega)
        theta = theta + dt * omega
        path.append((theta, omega))
    return path


def loss(theta, omega, damping):
    last_theta, last_omega = states(theta, omega, damping)[-1]
    return (last_theta - 0.5) ** 2 + 0.1 * last_omega**2


def grad(theta, omega, damping):
    path = states(theta, omega, damping)
    last_theta, last_omega = path[-1]
    a_theta, a_omega, a_damping = 2 * (last_theta - 0.5), 0.2 * last_omega, 0.0
    for t in range(n - 1, -1, -1):
        theta_t, omega_t = path[t]
        a_omega += dt * a_theta  # theta' = theta + dt * omega'
        a_damping += -dt * omega_t * a_omega
        a_theta += -dt * math.cos(theta_t) * a_omega
        a_omega *= 1 - dt * damping
    return a_theta, a_omega, a_damping


at = (1.2, 0.0, 0.3)

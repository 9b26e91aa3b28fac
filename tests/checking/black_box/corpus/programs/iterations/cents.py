"""A loan's total interest, each month's rounded to the cent as banks do."""

months = 24


def loss(terms):
    principal, rate = terms
    total = 0.0
    for m in range(months):
        left = principal * (1 - m / months)
        total += round(left * rate / 12, 2)
    return total


def grad(terms):
    principal, rate = terms
    weights = sum(1 - m / months for m in range(months))
    return [weights * rate / 12, weights * principal / 12]


at = [10_000.0, 0.05]

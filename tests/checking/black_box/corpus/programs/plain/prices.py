"""What a shop earns in a month, by its prices: elastic demand and costs in steps of units."""

base, elasticity, cost = [100, 80, 50], [1.4, 2.0, 1.1], [2, 3, 1]

at = [5.0, 6.0, 2.5]


def loss(p):
    profit = 0
    for i in range(3):
        demand = base[i] * (p[i] / 4) ** -elasticity[i]
        profit += demand * (p[i] - cost[i])
    return -profit


def grad(p):
    g = []
    for i in range(3):
        demand = base[i] * (p[i] / 4) ** -elasticity[i]
        slope = -elasticity[i] * demand / p[i]
        g.append(-(demand + slope * (p[i] - cost[i])))
    return g

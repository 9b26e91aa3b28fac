"""Exponential smoothing: how far each forecast is off, as a function of the smoothing constants."""

series = [3.0, 5.0, 4.0, 6.5, 7.0, 6.0]

at = {"level": 0.4, "trend": 0.3}


def loss(p):
    level, trend, total = series[0], 0.0, 0.0
    for value in series[1:]:
        forecast = level + trend
        total += (value - forecast) ** 2
        old = level
        level = p["level"] * value + (1 - p["level"]) * forecast
        trend = p["trend"] * (level - old) + (1 - p["trend"]) * trend
    return total


def grad(p):
    a, b = p["level"], p["trend"]
    level, trend = series[0], 0.0
    dlevel, dtrend = {"level": 0.0, "trend": 0.0}, {"level": 0.0, "trend": 0.0}
    g = {"level": 0.0, "trend": 0.0}
    for value in series[1:]:
        forecast = level + trend
        new = a * value + (1 - a) * forecast
        for key in g:
            dforecast = dlevel[key] + dtrend[key]
            g[key] -= 2 * (value - forecast) * dforecast
            dnew = (1 - a) * dforecast + (value - forecast) * (key == "level")
            dtrend[key] = (
                b * (dnew - dlevel[key])
                + (1 - b) * dtrend[key]
                + (new - level - trend) * (key == "trend")
            )
            dlevel[key] = dnew
        level, trend = new, b * (new - level) + (1 - b) * trend
    return g

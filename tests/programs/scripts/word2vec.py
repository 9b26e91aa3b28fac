"""Skip-gram with negative sampling, on a corpus of a dozen words."""

import random

from tests.programs.value_of_microgpt import Value

random.seed(17)
corpus = "the cat sat on the mat the dog sat on the rug".split()
words = sorted(set(corpus))
D = 3
center = {w: [Value(random.uniform(-0.5, 0.5)) for _ in range(D)] for w in words}
context = {w: [Value(0.0) for _ in range(D)] for w in words}


def dot(a, b):
    return sum(x * y for x, y in zip(a, b))


for epoch in range(10):
    total = 0.0
    for i in random.sample(range(1, len(corpus) - 1), 5):
        a, b = corpus[i], corpus[i + random.choice((-1, 1))]
        negatives = random.sample([w for w in words if w != b], 2)
        loss = -dot(center[a], context[b]).sigmoid().log()
        for w in negatives:
            loss -= (-dot(center[a], context[w])).sigmoid().log()
        loss.backward()
        for vector in (center[a], context[b], *(context[w] for w in negatives)):
            for p in vector:
                p.data -= 0.5 * p.grad
                p.grad = 0.0
        total += loss.data
    print(f"epoch {epoch} loss {total / 5:.5f}")
cat, dog = ([p.data for p in center[w]] for w in ("cat", "dog"))
cosine = sum(x * y for x, y in zip(cat, dog)) / (
    sum(x * x for x in cat) ** 0.5 * sum(y * y for y in dog) ** 0.5
)
print(f"cos(cat, dog) = {cosine:.5f}")

"""Mistakes in nets of sequences and words: through time, in gates, attention and embeddings."""

from tests.checking.black_box.corpus.loading import Mistake

MISTAKES = [
    Mistake(
        "through time: nothing from later steps",
        "nets/rnn_through_time",
        'from_later = model["W"].T @ d_total',
        "from_later = np.zeros(n_hidden)",
        of=("U", "W", "b"),
    ),
    Mistake(
        "through time: one step off",
        "nets/rnn_through_time",
        "before = states[t - 1] if t > 0 else np.zeros(n_hidden)",
        "before = states[t]",
        of=("W",),
    ),
    Mistake(
        "through time: only the last step's, set anew in each",
        "nets/rnn_through_time",
        'grads["V"] += np.outer',
        'grads["V"] = np.outer',
        of=("V",),
    ),
    Mistake(
        "through time: the recurrent weights not transposed",
        "nets/rnn_through_time",
        'model["W"].T @ d_total',
        'model["W"] @ d_total',
        of=("U", "W", "b"),
    ),
    Mistake(
        "lstm: the forget gate with the new cell",
        "nets/lstm",
        "dc * c_prev * f * (1 - f)",
        "dc * c * f * (1 - f)",
        of=("W", "b"),
    ),
    Mistake(
        "lstm: the cell's own past forgotten",
        "nets/lstm",
        "dc = dc + dh * o",
        "dc = dh * o",
        of=("W", "b"),
    ),
    Mistake(
        "attention: a softmax without its cross terms",
        "nets/attention",
        "(dA - np.sum(dA * A, axis=-1, keepdims=True))",
        "(1 - A) * dA",
        of=("Q", "K"),
    ),
    Mistake(
        "attention: forgot to divide by the root of d",
        "nets/attention",
        "    dS = dS / np.sqrt(d)\n",
        "",
        of=("Q", "K"),
        says="1.414 times",
    ),
    Mistake(
        "attention: the scores' gradient not transposed",
        "nets/attention",
        "dK = dS.T @ Q",
        "dK = dS @ Q",
        of=("K",),
    ),
    Mistake(
        "embeddings: a word that occurs again counts once",
        "nets/embeddings",
        "np.add.at(dE, words, dmean / len(words))",
        "dE[words] += dmean / len(words)",
        of=("E[1, 0]", "E[1, 1]", "E[1, 2]"),
        says="row 1 alone",
    ),
    Mistake(
        "word vectors: the sign of the words that are not there",
        "nets/negative_sampling",
        "        error = sigmoid(outside_vectors[k] @ v)\n",
        "        error = sigmoid(outside_vectors[k] @ v) - 1\n",
        of=("center_vectors", "outside_vectors"),
    ),
]
